#include "network/foreign_format.hpp"

namespace hypnos {
namespace {

constexpr std::string_view from_pytorch =
    "is a PyTorch file (torch.save); convert it in Python: "
    "safetensors.torch.save_file(torch.load(\"FILE\", weights_only=True), "
    "\"model.safetensors\"), if it holds a state_dict";
constexpr std::string_view from_onnx =
    "is an ONNX file; convert it in Python: safetensors.numpy.save_file({w.name: "
    "onnx.numpy_helper.to_array(w) for w in onnx.load(\"FILE\").graph.initializer}, "
    "\"model.safetensors\"), with weights named \"<layer>.weight\" of the shape [outputs x inputs]";
constexpr std::string_view from_keras =
    "is a Keras file; save its weights in Python: safetensors.numpy.save_file, each kernel "
    "transposed (numpy.ascontiguousarray(kernel.T)) as \"<number>.weight\", each bias as "
    "\"<number>.bias\"";

constexpr std::string_view from_pickle =
    "is a pickle of Python; load it there, and save the network that it holds: "
    "safetensors.torch.save_model(module, \"model.safetensors\"), or of a net of skorch: "
    "net.save_params(f_params=\"model.safetensors\", use_safetensors=True)";

// How PyTorch's files began before it wrote zip archives: a number of its own, pickled.
constexpr std::string_view old_pytorch = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

// A zip archive; what is in it shows by the names of its files, which stand in it as they are.
std::optional<std::string> zip_format(std::string_view content) {
  const auto has = [&](std::string_view name) { return content.find(name) != content.npos; };
  if (has("data.pkl") || has("constants.pkl")) return std::string(from_pytorch);
  if (has("model.weights.h5")) return std::string(from_keras);
  if (has(".npy")) {
    return "is an .npz file of NumPy; convert it in Python: "
           "safetensors.numpy.save_file(dict(numpy.load(\"FILE\")), \"model.safetensors\")";
  }
  return "is a zip archive, and not a safetensors file";
}

// Protocol buffers: field 1 (version of the format, a small number), then a field of text.
bool is_onnx(std::string_view content) {
  return content.size() > 16 && content[0] == 0x08 && content[1] > 0 && content[1] < 32 &&
         (content[2] == 0x12 || content[2] == 0x3A);
}

}  // namespace

std::optional<std::string> foreign_format(std::string_view content) {
  // Of a safetensors file the second four bytes belong to the length of the header, and are 0.
  if (content.size() < 8 || content.substr(4, 4) == std::string_view("\0\0\0\0", 4)) {
    return std::nullopt;
  }
  const auto begins = [&](std::string_view magic) { return content.starts_with(magic); };
  if (begins("PK\x03\x04")) return zip_format(content);
  if (content[0] == '\x80' && content[1] >= 2 && content[1] <= 5) {
    return content.find(old_pytorch) < 16 ? std::string(from_pytorch) : std::string(from_pickle);
  }
  if (begins("\x89HDF\r\n")) return std::string(from_keras);
  if (begins("\x93NUMPY")) return "is an .npy file of NumPy, and not a safetensors file";
  if (begins("GGUF")) return "is a GGUF file, and not a safetensors file";
  if (content.substr(4, 4) == "TFL3") {
    return "is a TensorFlow Lite file, and not a safetensors file";
  }
  if (is_onnx(content)) return std::string(from_onnx);
  return std::nullopt;
}

}  // namespace hypnos
