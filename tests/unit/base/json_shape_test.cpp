#include "base/json_shape.hpp"

#include <gtest/gtest.h>

namespace hypnos {
namespace {

std::string difference(const char* value, const char* shape) {
  return difference_from_shape(Json::parse(value), Json::parse(shape));
}

TEST(Shape, LetsThroughWhatFits) {
  EXPECT_EQ(difference(R"({"a": "x", "more": 1})", R"({"a": "text"})"), "");
  EXPECT_EQ(difference(R"({"a": [1, null, 2.5]})", R"({"a": ["number?"], "b?": "truth"})"), "");
  EXPECT_EQ(difference(R"({"x": {"n": 1}, "y": {"n": 2}})", R"({"*": {"n": "number"}})"), "");
  EXPECT_EQ(difference(R"([[], [{}]])", R"([["object"]])"), "");
}

TEST(Shape, NamesThePlaceThatDoesNot) {
  EXPECT_EQ(difference("[]", R"({"a": "text"})"), "is not an object");
  EXPECT_EQ(difference("{}", R"({"a": "text"})"), "a: is missing");
  EXPECT_EQ(difference(R"({"a": 1})", R"({"a": "text"})"), "a: is not a text");
  EXPECT_EQ(difference(R"({"a": null})", R"({"a": "number"})"), "a: is not a number");
  EXPECT_EQ(difference(R"({"a": {"b": 1}})", R"({"a": {"b": ["any"]}})"), "a.b: is not an array");
  EXPECT_EQ(difference(R"({"a": [{"b": true}, {"b": 1}]})", R"({"a": [{"b": "truth"}]})"),
            "a[1].b: is not a truth");
  EXPECT_EQ(difference(R"({"x": {"n": 1}, "y": {}})", R"({"*": {"n": "number"}})"),
            "y.n: is missing");
}

}  // namespace
}  // namespace hypnos
