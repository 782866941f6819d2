#include "data/files_of_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include "base/same_file.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// By its name: in a folder of data other files, models above all, may lie too.
bool is_data_file(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 4> begins = {"train", "test", "t10k", "val"};
  constexpr std::array<std::string_view, 5> ends = {".npy", ".npz", ".csv", ".gz", "ubyte"};
  const std::string name = path.filename().string();
  return std::any_of(begins.begin(), begins.end(),
                     [&](std::string_view begin) { return name.starts_with(begin); }) &&
         std::any_of(ends.begin(), ends.end(),
                     [&](std::string_view end) { return name.ends_with(end); });
}

void check_outputs_differ(const WrittenFile& a, const WrittenFile& b) {
  if (!is_same_file(a.path, b.path)) return;
  throw InputError(fmt::format("{} and {} are one file, {}; give each its own", a.role, b.role,
                               b.path.string()));
}

void check_input_stays(const WrittenFile& output, const ReadFile& input) {
  std::error_code unknown;
  if (output.may_replace == input.role || !std::filesystem::exists(input.path, unknown) ||
      !is_same_file(output.path, input.path)) {
    return;
  }
  throw InputError(fmt::format("{} would overwrite {}, which is read ({}); name another file",
                               output.role, input.path.string(), input.role));
}

}  // namespace

void add_model_output(Files& files, const std::string& output, const std::string& may_replace) {
  files.written.push_back({"-o", output, may_replace});
  files.written.push_back({"-o, if it is interrupted,", output + ".interrupted", may_replace});
}

void add_data_files(Files& files, const std::string& data) {
  std::error_code unknown;
  if (!std::filesystem::is_directory(data, unknown)) {
    if (std::filesystem::exists(data, unknown)) files.read.push_back({"the data", data});
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator(data, unknown)) {
    if (is_data_file(entry.path())) files.read.push_back({"the data", entry.path()});
  }
}

void check_verb_files(const std::string& model, const std::string& data,
                      const std::string& output) {
  Files files{.read = {{"the model", model}}};
  add_data_files(files, data);
  add_model_output(files, output, "the model");
  check_files_differ(files);
}

void check_files_differ(const Files& files) {
  for (auto output = files.written.begin(); output != files.written.end(); ++output) {
    if (output->path.empty()) continue;
    for (auto other = files.written.begin(); other != output; ++other) {
      if (!other->path.empty()) check_outputs_differ(*other, *output);
    }
    for (const ReadFile& input : files.read) {
      if (!input.path.empty()) check_input_stays(*output, input);
    }
  }
}

}  // namespace hypnos
