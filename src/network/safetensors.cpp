#include "network/safetensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

#include "base/atomic_file.hpp"
#include "base/json.hpp"
#include "base/whole_file.hpp"
#include "hypnos/error.hpp"
#include "network/foreign_format.hpp"

namespace hypnos::safetensors {
namespace {

constexpr std::uint64_t max_header_bytes = 100'000'000;
constexpr std::uint64_t length_bytes = 8;

// The JSON text as a value, refusing what the format forbids but JSON parsers let pass.
Json parse_header(const std::filesystem::path& path, std::string_view text) {
  std::vector<std::set<std::string>> keys;
  const auto refuse_duplicates = [&](int /*depth*/, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key &&
        !keys.back().insert(parsed.get<std::string>()).second) {
      throw FileError(
          path, fmt::format("the header has the key \"{}\" twice", parsed.get<std::string>()));
    }
    return true;
  };
  if (is_too_deep(text)) throw FileError(path, "the header is nested too deep");
  try {
    return Json::parse(text, refuse_duplicates);
  } catch (const Json::exception&) {
    throw FileError(path, "the header is not JSON; is this a safetensors file?");
  }
}

// The number types of the format, in its own order.
constexpr std::pair<std::string_view, std::size_t> types[] = {
    {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1},
    {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},
    {"U32", 4},  {"F32", 4}, {"F64", 8}, {"I64", 8},     {"U64", 8}};

const auto* find_type(std::string_view type) {
  return std::find_if(std::begin(types), std::end(types),
                      [&](const auto& known) { return known.first == type; });
}

// Whole numbers, 0 or more: nothing else is taken for one.
std::vector<std::uint64_t> read_counts(const Json& json) {
  if (!json.is_array()) throw InputError("not a list");
  std::vector<std::uint64_t> counts;
  for (const Json& element : json) {
    if (!element.is_number_unsigned()) throw InputError("not a whole number");
    counts.push_back(element.get<std::uint64_t>());
  }
  return counts;
}

struct Placed {
  Tensor tensor;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

Placed read_entry(const std::filesystem::path& path, const std::string& name, const Json& entry,
                  std::uint64_t data_bytes) {
  Placed placed;
  placed.tensor.name = name;
  try {
    placed.tensor.type = entry.at("dtype").get<std::string>();
    placed.tensor.shape = read_counts(entry.at("shape"));
    const auto offsets = read_counts(entry.at("data_offsets"));
    if (offsets.size() != 2) throw InputError("not two");
    placed.begin = offsets[0];
    placed.end = offsets[1];
  } catch (const std::exception&) {
    throw FileError(path, fmt::format("tensor {}: needs a dtype, a shape of whole numbers, and two "
                                      "data_offsets",
                                      name));
  }
  if (placed.begin > placed.end || placed.end > data_bytes) {
    throw FileError(path,
                    fmt::format("tensor {}: bytes {} to {} are outside the file's {} bytes of "
                                "data; is it truncated?",
                                name, placed.begin, placed.end, data_bytes));
  }
  const auto size_of_type = bytes_per_element(placed.tensor.type);
  if (!size_of_type) {
    throw FileError(path,
                    fmt::format("tensor {}: unknown number type {}", name, placed.tensor.type));
  }
  std::uint64_t expected = *size_of_type;
  for (const std::uint64_t size : placed.tensor.shape) {
    if (size != 0 && expected > std::numeric_limits<std::uint64_t>::max() / size) {
      throw FileError(path, fmt::format("tensor {}: the shape is too large", name));
    }
    expected *= size;
  }
  if (expected != placed.end - placed.begin) {
    throw FileError(path, fmt::format("tensor {}: its shape needs {} bytes, but it has {}", name,
                                      expected, placed.end - placed.begin));
  }
  return placed;
}

std::map<std::string, std::string> read_metadata(const std::filesystem::path& path,
                                                 const Json& header) {
  if (!header.contains("__metadata__")) return {};
  try {
    return header.at("__metadata__").get<std::map<std::string, std::string>>();
  } catch (const Json::exception&) {
    throw FileError(path, "__metadata__ may hold only text");
  }
}

// What a file says that begins with a header.
std::string_view header_of(const std::filesystem::path& path, std::string_view content) {
  std::uint64_t header_bytes = 0;
  if (content.size() < length_bytes) {
    throw FileError(path, "is too short for a safetensors file");
  }
  std::memcpy(&header_bytes, content.data(), length_bytes);
  if (header_bytes > max_header_bytes || header_bytes > content.size() - length_bytes) {
    throw FileError(path,
                    fmt::format("says that its header has {} bytes, but the file has {}; it is "
                                "truncated or not a safetensors file",
                                header_bytes, content.size()));
  }
  return content.substr(length_bytes, header_bytes);
}

}  // namespace

std::optional<std::size_t> bytes_per_element(std::string_view type) {
  const auto* found = find_type(type);
  if (found == std::end(types)) return std::nullopt;
  return found->second;
}

bool is_in_order_of_package(const std::vector<const Tensor*>& tensors) {
  return std::is_sorted(tensors.begin(), tensors.end(), [](const Tensor* a, const Tensor* b) {
    const auto* type_a = find_type(a->type);
    const auto* type_b = find_type(b->type);
    return type_a != type_b ? type_a > type_b : a->name < b->name;
  });
}

File read(const std::filesystem::path& path) {
  const std::string content = read_file(path);
  if (const auto format = foreign_format(content)) throw FileError(path, *format);
  const std::string_view text = header_of(path, content);
  const std::string_view data = std::string_view(content).substr(length_bytes + text.size());
  const Json header = parse_header(path, text);
  if (!header.is_object()) throw FileError(path, "the header is not a JSON object");

  File file;
  file.metadata = read_metadata(path, header);
  std::vector<Placed> placed;
  for (const auto& [name, entry] : header.items()) {
    if (name != "__metadata__") placed.push_back(read_entry(path, name, entry, data.size()));
  }
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return std::tie(a.begin, a.end, a.tensor.name) < std::tie(b.begin, b.end, b.tensor.name);
  });
  std::uint64_t at = 0;
  for (Placed& p : placed) {
    if (p.begin != at) {
      throw FileError(path,
                      fmt::format("tensor {}: {} at byte {} of the data", p.tensor.name,
                                  p.begin < at ? "overlaps another" : "leaves a hole", p.begin));
    }
    at = p.end;
    p.tensor.bytes =
        data.substr(static_cast<std::size_t>(p.begin), static_cast<std::size_t>(p.end - p.begin));
    file.tensors.push_back(std::move(p.tensor));
  }
  if (at != data.size()) {
    throw FileError(path, fmt::format("has {} bytes after its last tensor", data.size() - at));
  }
  return file;
}

void write(const std::filesystem::path& path, const File& file) {
  std::vector<const Tensor*> tensors;
  tensors.reserve(file.tensors.size());
  for (const Tensor& tensor : file.tensors) tensors.push_back(&tensor);
  std::sort(tensors.begin(), tensors.end(), [](const Tensor* a, const Tensor* b) {
    const std::size_t size_a = bytes_per_element(a->type).value_or(0);
    const std::size_t size_b = bytes_per_element(b->type).value_or(0);
    return size_a != size_b ? size_a > size_b : a < b;  // those of one size as they came
  });
  Json header = Json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::uint64_t at = 0;
  std::uint64_t data_bytes = 0;
  for (const Tensor* tensor : tensors) {
    data_bytes += tensor->bytes.size();
    header[tensor->name] = {{"dtype", tensor->type},
                            {"shape", tensor->shape},
                            {"data_offsets", {at, at + tensor->bytes.size()}}};
    at += tensor->bytes.size();
  }
  std::string text = text_of(header);
  text.append((length_bytes - text.size() % length_bytes) % length_bytes, ' ');  // aligned data

  std::string content;
  content.reserve(length_bytes + text.size() + data_bytes);
  const std::uint64_t header_bytes = text.size();
  content.append(reinterpret_cast<const char*>(&header_bytes), length_bytes);
  content += text;
  for (const Tensor* tensor : tensors) content += tensor->bytes;
  write_file(path, content);
}

}  // namespace hypnos::safetensors
