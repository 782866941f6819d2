#include "study/network_digest.hpp"

#include <gtest/gtest.h>

namespace hypnos {
namespace {

Network small() {
  return {.layers = {{.outputs = 1, .inputs = 2, .weights = {1, -0.5F}, .biases = {0.25F}}},
          .output = OutputKind::relu,
          .dropout = 0.5F,
          .dropout_form = DropoutForm::classical};
}

// The bytes by Python: hashlib.sha256(b"relu\\0" + struct.pack("<f", .5) + b"classical\\0" +
// struct.pack("<QQQfff", 1, 2, 1, 1, -.5, .25)).hexdigest()
TEST(NetworkDigest, IsOfTheBytesThatTheHeaderNames) {
  EXPECT_EQ(digest(small()), "16414539b4c51302b3292276a247222b1fa8ec5e6c6e81ff123fc07ca3ca0cc6");
}

TEST(NetworkDigest, ChangesWithEverythingThatAnswersDependOn) {
  const std::string before = digest(small());
  Network other = small();
  other.layers[0].weights[1] = 0.5F;
  EXPECT_NE(digest(other), before);
  other = small();
  other.layers[0].biases = {};
  EXPECT_NE(digest(other), before);
  other = small();
  other.output = OutputKind::softmax;
  EXPECT_NE(digest(other), before);
  other = small();
  other.dropout = 0.25F;
  EXPECT_NE(digest(other), before);
  other = small();
  other.dropout_form = DropoutForm::inverted;
  EXPECT_NE(digest(other), before);
  other = small();
  std::swap(other.layers[0].outputs, other.layers[0].inputs);
  EXPECT_NE(digest(other), before);
}

}  // namespace
}  // namespace hypnos
