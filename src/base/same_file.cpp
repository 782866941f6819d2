#include "base/same_file.hpp"

#include <system_error>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

bool is_device(const std::filesystem::path& path) {
  std::error_code unknown;
  const auto status = std::filesystem::status(path, unknown);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
         !std::filesystem::is_directory(status);
}

// The path in the one form that it has when nothing is there yet.
std::filesystem::path plain_form(const std::filesystem::path& path) {
  const std::filesystem::path end = follow_links(path);
  const std::filesystem::path folder = end.has_parent_path() ? end.parent_path() : ".";
  std::error_code unknown;
  return std::filesystem::weakly_canonical(folder, unknown) / end.filename();
}

}  // namespace

std::filesystem::path follow_links(const std::filesystem::path& path) {
  constexpr int most_links = 40;  // as Linux
  std::filesystem::path end = path;
  std::error_code unknown;
  for (int links = 0; std::filesystem::is_symlink(end, unknown); ++links) {
    if (links == most_links) throw FileError(path, "is a link that leads round in a circle");
    const std::filesystem::path target = std::filesystem::read_symlink(end, unknown);
    end = target.is_absolute() ? target : end.parent_path() / target;
  }
  return end;
}

bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  if (is_device(a) || is_device(b)) return false;
  std::error_code unknown;
  if (std::filesystem::exists(a, unknown) && std::filesystem::exists(b, unknown)) {
    return std::filesystem::equivalent(a, b, unknown);  // by device and inode
  }
  return plain_form(a) == plain_form(b);
}

}  // namespace hypnos
