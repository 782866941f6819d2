#include "hypnos/spike_file.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "support/arrays.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::bytes_of;
using test::npy;

class SpikeFile : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& content) {
    test::write_text(folder_ / "s.npy", content);
    return folder_ / "s.npy";
  }
  test::TemporaryFolder folder_;
};

TEST_F(SpikeFile, IsReadInAnyOrderAndType) {
  const std::vector<std::uint8_t> expected = {0, 1, 1, 0, 0, 1};
  const std::vector<float> floats = {0, 1, 1, 0, 0, 1};
  for (const std::string& content : {npy("|b1", "(2, 3)", std::string("\0\1\1\0\0\1", 6)),
                                     npy("|u1", "(2, 3)", std::string("\0\1\7\0\0\1", 6)),
                                     npy("|u1", "(2, 3)", std::string("\0\0\1\0\1\1", 6), "True"),
                                     npy("<f4", "(2, 3)", bytes_of(floats))}) {
    const GivenSpikes given = read_spikes(write(content));
    EXPECT_EQ(given.steps, 2U);
    EXPECT_EQ(given.inputs, 3U);
    EXPECT_EQ(given.spikes, expected);
  }
}

TEST_F(SpikeFile, HasZerosAndOnes) {
  const std::vector<float> rates = {0, 1, 0.5F, 0};
  const auto file = write(npy("<f4", "(2, 2)", bytes_of(rates)));
  EXPECT_EQ(test::message_of<FileError>([&] { read_spikes(file); }),
            file.string() + ": step 1: 0.5 is neither 0 nor 1, and so no spike");
  EXPECT_THROW(read_spikes(write(npy("|u1", "(4,)", "abcd"))), FileError);
}

}  // namespace
}  // namespace hypnos
