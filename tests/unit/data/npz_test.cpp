#include <gtest/gtest.h>

#include <array>

#include "data/data_files.hpp"
#include "data/zip.hpp"
#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"
#include "support/arrays.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::npy;
using test::TemporaryFolder;
using test::zip;

using Entries = std::vector<std::pair<std::string, std::string>>;

const std::string images = npy("|u1", "(2, 1, 2)", std::string("\0\xFF\x33\0", 4));
const std::string labels = npy("|u1", "(2, 1)", std::string("\1\0", 2));

class NpzTest : public testing::Test {
 protected:
  std::string write(const Entries& entries, bool deflated = true) {
    test::write_text(folder_ / "a.npz", zip(entries, deflated));
    return (folder_ / "a.npz").string();
  }
  std::string error_of(const std::string& content) {
    test::write_text(folder_ / "a.npz", content);
    return test::message_of<FileError>([&] { load((folder_ / "a.npz").string(), Split::train); });
  }
  TemporaryFolder folder_;
};

TEST_F(NpzTest, KnowsTheNamesOfMedMnistAndKeras) {
  for (const bool deflated : {false, true}) {
    for (const auto& [x, y, tx, ty] :
         {std::array{"train_images", "train_labels", "test_images", "test_labels"},
          std::array{"x_train", "y_train", "x_test", "y_test"},
          std::array{"X_train", "y_train", "X_test", "y_test"}}) {
      const std::string file = write({{std::string(x) + ".npy", images},
                                      {std::string(y) + ".npy", labels},
                                      {std::string(tx) + ".npy", images},
                                      {std::string(ty) + ".npy", labels}},
                                     deflated);
      for (const Split split : {Split::train, Split::test}) {
        const Dataset data = load(file, split);
        EXPECT_EQ(data.shape, (ImageShape{.rows = 1, .columns = 2}));
        EXPECT_EQ(images_of(data), (std::vector<float>{0, 1, 0.2F, 0}));
        EXPECT_EQ(data.labels, (std::vector<std::uint32_t>{1, 0}));
      }
    }
  }
}

TEST_F(NpzTest, MayHaveATrainingHalfAlone) {
  const std::string file = write({{"images.npy", images}, {"labels.npy", labels}});
  EXPECT_EQ(load(file, Split::train).size(), 2U);
  EXPECT_EQ(test::message_of<FileError>([&] { load(file, Split::test); }),
            file + ": has no test half");
  EXPECT_TRUE(has_split(file, Split::train));
  EXPECT_FALSE(has_split(file, Split::test));
}

TEST_F(NpzTest, SaysWhatItDoesNotRead) {
  const DataFiles files = open_data_files(write(
      {{"train_images.npy", images}, {"train_labels.npy", labels}, {"val_images.npy", images}}));
  EXPECT_EQ(files.ignored, std::vector<std::string>{"val_images.npy"});
}

TEST_F(NpzTest, RefusesWhatItDoesNotKnowAndWhatIsThereTwice) {
  const std::string unknown = error_of(zip({{"a.npy", images}, {"b.npy", labels}}, false));
  EXPECT_NE(unknown.find("has the arrays a.npy, b.npy, but neither train_images"),
            std::string::npos)
      << unknown;
  const std::string twice = error_of(zip({{"train_images.npy", images},
                                          {"train_labels.npy", labels},
                                          {"x_train.npy", images},
                                          {"y_train.npy", labels}},
                                         false));
  EXPECT_NE(twice.find("has both"), std::string::npos) << twice;
}

TEST_F(NpzTest, RefusesEveryTruncationAndNamesTheArray) {
  const std::string good = zip({{"images.npy", images}, {"labels.npy", labels}}, true);
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_NE(error_of(good.substr(0, length)), "no error") << length;
  }
  std::string damaged = zip({{"images.npy", images}, {"labels.npy", labels}}, false);
  damaged[damaged.find(images) + images.find('\xFF')] = 1;
  const std::string message = error_of(damaged);
  EXPECT_NE(message.find("a.npz: images.npy: is damaged: its checksum"), std::string::npos)
      << message;
}

TEST_F(NpzTest, DoesNotInflateMoreThanItsDirectorySays) {
  std::string lying =
      zip({{"images.npy", std::string(1 << 20, '\0')}, {"labels.npy", labels}}, true);
  // The size of the first entry in the directory: a thousand bytes only.
  const std::size_t size = lying.find("PK\x01\x02") + 24;
  lying.replace(size, 4, std::string("\xE8\x03\0\0", 4));
  const std::string message = error_of(lying);
  EXPECT_NE(message.find("is damaged: it is not as long as it says"), std::string::npos) << message;
}

}  // namespace
}  // namespace hypnos
