#include "base/json.hpp"

#include <gtest/gtest.h>

namespace hypnos {
namespace {

std::string nested(int depth, char open, char close) {
  return std::string(static_cast<std::size_t>(depth), open) +
         std::string(static_cast<std::size_t>(depth), close);
}

TEST(Json, IsRead) {
  EXPECT_EQ(text_of(parse_json(R"({"a": [1, "]]]]"], "b": "\"[["})").value_or(Json())),
            R"({"a":[1,"]]]]"],"b":"\"[["})");
  EXPECT_FALSE(parse_json("{").has_value());
  EXPECT_FALSE(parse_json("").has_value());
}

TEST(Json, IsNestedSoDeepAndNoDeeper) {
  EXPECT_TRUE(parse_json(nested(deepest_json, '[', ']')).has_value());
  EXPECT_FALSE(parse_json(nested(deepest_json + 1, '[', ']')).has_value());
  EXPECT_FALSE(parse_json(nested(10'000'000, '[', ']')).has_value());
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')).has_value());
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(parse_json(objects).has_value());
  // Side by side is not nested, and brackets in texts are no brackets.
  std::string wide = "[";
  for (int i = 0; i < 1000; ++i) wide += "[],";
  EXPECT_TRUE(parse_json(wide + "\"" + std::string(1000, '[') + "\\\"[[\"]").has_value());
}

}  // namespace
}  // namespace hypnos
