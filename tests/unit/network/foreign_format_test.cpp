#include "network/foreign_format.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "hypnos/model_file.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

std::string error_of(const std::string& content) {
  const test::TemporaryFolder folder;
  test::write_text(folder / "m", content);
  try {
    read_model(folder / "m");
  } catch (const FileError& error) {
    return error.reason();
  }
  return "no error";
}

std::string begin_of(const std::string& text) {
  return text.substr(0, text.find(';'));
}

const std::string zip("PK\x03\x04\0\0\x08\x08", 8);

TEST(ForeignFormat, IsNamedWithTheWayToConvertIt) {
  EXPECT_EQ(begin_of(error_of(zip + "archive/data.pkl")), "is a PyTorch file (torch.save)");
  EXPECT_NE(error_of(zip + "archive/data.pkl").find("safetensors.torch.save_file"),
            std::string::npos);
  EXPECT_EQ(begin_of(error_of(
                std::string("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 14))),
            "is a PyTorch file (torch.save)");
  EXPECT_EQ(begin_of(error_of("\x80\x04\x95 skorch.classifier torch.nn")), "is a pickle of Python");
  EXPECT_EQ(begin_of(error_of(std::string("\x08\x08\x12\x07pytorch\x1a\x05", 13) + "1.13.1....")),
            "is an ONNX file");
  EXPECT_EQ(begin_of(error_of("\x89HDF\r\n\x1a\n....")), "is a Keras file");
  EXPECT_EQ(begin_of(error_of(zip + "model.weights.h5")), "is a Keras file");
  EXPECT_EQ(begin_of(error_of(zip + "arr_0.npy")), "is an .npz file of NumPy");
  EXPECT_EQ(error_of(std::string("\x93NUMPY\x01\x00\x76\x00", 10)),
            "is an .npy file of NumPy, and not a safetensors file");
  EXPECT_EQ(error_of(std::string("GGUF\x03\0\0\0", 8)),
            "is a GGUF file, and not a safetensors file");
}

TEST(ForeignFormat, IsNotSeenInASafetensorsFile) {
  // The length of a header may begin like any of them.
  EXPECT_FALSE(foreign_format(std::string("PK\x03\x04\0\0\0\0{}", 10)).has_value());
  EXPECT_FALSE(foreign_format(std::string("\x80\x02\0\0\0\0\0\0{torch", 14)).has_value());
  EXPECT_FALSE(foreign_format("").has_value());
  EXPECT_FALSE(foreign_format("PK").has_value());
}

}  // namespace
}  // namespace hypnos
