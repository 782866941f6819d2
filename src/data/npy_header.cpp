#include "data/npy_header.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// Reads the text from left to right.
class DictionaryParser {
 public:
  DictionaryParser(std::string_view text, const std::filesystem::path& path)
      : left_(text), path_(path) {}

  NpyHeader run() {
    NpyHeader header;
    std::set<std::string> seen;
    expect('{');
    while (!take('}')) {
      const std::string key = quoted();
      expect(':');
      if (!seen.insert(key).second) fail(fmt::format("has '{}' twice", key));
      if (key == "descr") {
        header.descr = descr();
      } else if (key == "fortran_order") {
        header.fortran_order = truth();
      } else if (key == "shape") {
        header.shape = tuple();
      } else {
        fail(fmt::format("has the key '{}', which is not known", key));
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_spaces();
    if (!left_.empty()) fail("goes on after its end");
    if (seen.size() != 3) fail("does not have all of descr, fortran_order and shape");
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw FileError(path_, "its .npy header " + what);
  }

  void skip_spaces() {
    const std::size_t text = left_.find_first_not_of(" \n");
    left_.remove_prefix(text == std::string_view::npos ? left_.size() : text);
  }

  bool take(char c) {
    skip_spaces();
    if (!left_.starts_with(c)) return false;
    left_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!take(c))
      fail(fmt::format("cannot be understood: there is no \"{}\" where one must be", c));
  }

  std::string quoted() {
    skip_spaces();
    if (left_.empty() || (left_[0] != '\'' && left_[0] != '"')) fail("cannot be understood");
    const std::size_t end = left_.find(left_[0], 1);
    if (end == std::string_view::npos) fail("cannot be understood: a text does not end");
    const std::string text(left_.substr(1, end - 1));
    left_.remove_prefix(end + 1);
    return text;
  }

  std::string descr() {
    skip_spaces();
    if (left_.starts_with('[')) fail("describes records of several numbers, not single numbers");
    return quoted();
  }

  bool truth() {
    skip_spaces();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (!left_.starts_with(word)) continue;
      left_.remove_prefix(word.size());
      return value;
    }
    fail("cannot be understood: fortran_order is neither True nor False");
  }

  // A tuple of one has a comma, as Python wants it: (3,).
  std::vector<std::size_t> tuple() {
    std::vector<std::size_t> shape;
    expect('(');
    bool comma = true;
    while (!take(')')) {
      if (!comma) fail("cannot be understood: numbers of the shape need commas between them");
      shape.push_back(size());
      comma = take(',');
    }
    if (shape.size() == 1 && !comma) fail("cannot be understood: its shape is not a tuple");
    return shape;
  }

  std::size_t size() {
    skip_spaces();
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(left_.data(), left_.data() + left_.size(), value);
    if (error == std::errc::result_out_of_range) throw FileError(path_, "its shape is too large");
    if (error != std::errc()) fail("has a shape that is not of whole numbers, 0 or more");
    left_.remove_prefix(static_cast<std::size_t>(end - left_.data()));
    // Python 2 wrote long integers so.
    if (left_.starts_with('L')) left_.remove_prefix(1);
    return value;
  }

  std::string_view left_;
  const std::filesystem::path& path_;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view text, const std::filesystem::path& path) {
  return DictionaryParser(text, path).run();
}

}  // namespace hypnos
