#include "data/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

constexpr std::array<std::string_view, 4> label_names = {"label", "class", "target", "y"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \r";
  const std::size_t begin = text.find_first_not_of(spaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

bool parse_number(std::string_view text, double& number) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  // A number too large even for double precision is refused later: it is one.
  if (error == std::errc::result_out_of_range) number = std::numeric_limits<double>::infinity();
  return error != std::errc::invalid_argument && end == text.data() + text.size();
}

bool is_label(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(label_names.begin(), label_names.end(), name) != label_names.end();
}

class TableParser {
 public:
  TableParser(std::string_view content, const std::filesystem::path& path)
      : left_(content), path_(path) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (left_.starts_with(byte_order_mark)) left_.remove_prefix(byte_order_mark.size());
  }

  CsvTable run() {
    read_header();
    // Not more than fit: a number and its separator take two characters.
    const auto lines = static_cast<std::size_t>(std::count(left_.begin(), left_.end(), '\n')) + 1;
    const std::size_t most = left_.size() / 2 + 1;
    table_.numbers.reserve(std::min(most, std::min(lines, most) * table_.features.size()));
    while (next_line()) read_row();
    if (table_.labels.empty()) throw FileError(path_, "has no rows");
    return std::move(table_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw FileError(path_, fmt::format("line {}: {}", number_, what));
  }

  // Empty lines are passed over.
  bool next_line() {
    while (!left_.empty()) {
      const std::size_t end = std::min(left_.find('\n'), left_.size());
      line_ = trimmed(left_.substr(0, end));
      left_.remove_prefix(std::min(end + 1, left_.size()));
      ++number_;
      if (!line_.empty()) return true;
    }
    return false;
  }

  // The fields of the line. One in quotation marks may have separators in it.
  const std::vector<std::string_view>& fields() {
    fields_.clear();
    std::string_view left = line_;
    while (true) {
      std::size_t from = 0;
      if (trimmed(left).starts_with('"')) {
        from = left.find('"', left.find('"') + 1);
        if (from == std::string_view::npos) fail("a quotation mark is not closed");
      }
      const std::size_t end = left.find(separator_, from);
      std::string_view field = trimmed(left.substr(0, end));
      if (field.size() >= 2 && field.starts_with('"') && field.ends_with('"')) {
        field = trimmed(field.substr(1, field.size() - 2));
      }
      fields_.push_back(field);
      if (end == std::string_view::npos) return fields_;
      left.remove_prefix(end + 1);
    }
  }

  void read_header() {
    if (!next_line()) throw FileError(path_, "is empty");
    choose_separator();
    std::set<std::string> seen;
    std::size_t numeric = 0;
    for (const std::string_view field : fields()) {
      const std::string name(field);
      double number = 0;
      numeric += parse_number(name, number) ? 1U : 0U;
      names_.push_back(name);
      if (!seen.insert(name).second) fail(fmt::format("two columns are called \"{}\"", name));
    }
    if (numeric == names_.size()) fail("has numbers; the first line must name the columns");
    if (seen.contains("")) {
      fail(
          "a column has no name; with pandas, to_csv(..., index=False) leaves out the numbers of "
          "rows");
    }
    choose_label();
  }

  void choose_separator() {
    std::string found;
    for (const char separator : {',', ';', '\t'}) {
      if (line_.find(separator) != std::string_view::npos) found += separator;
    }
    if (found.size() != 1) fail("columns must be separated by commas, by semicolons, or by tabs");
    separator_ = found[0];
  }

  void choose_label() {
    std::vector<std::string> labels;
    for (std::size_t c = 0; c < names_.size(); ++c) {
      if (!is_label(names_[c])) {
        table_.features.push_back(names_[c]);
        continue;
      }
      labels.push_back(names_[c]);
      label_at_ = c;
    }
    if (labels.size() != 1) {
      fail(fmt::format("{}; one column must be called {}, and have the class of each row",
                       labels.empty()
                           ? "no column has classes"
                           : fmt::format("{} might all be classes", fmt::join(labels, ", ")),
                       fmt::join(label_names, " or ")));
    }
    if (table_.features.empty()) fail("there are no columns beside the classes");
    table_.label = labels[0];
  }

  void read_row() {
    const std::vector<std::string_view>& row = fields();
    if (row.size() != names_.size()) {
      fail(fmt::format("has {} fields, but the first line has {}", row.size(), names_.size()));
    }
    for (std::size_t c = 0; c < names_.size(); ++c) {
      const std::string_view field = row[c];
      double number = 0;
      if (!parse_number(field, number) || std::isnan(number)) {
        constexpr std::size_t shown = 40;
        fail(fmt::format("column {}: \"{}\" is not a number{}", names_[c], field.substr(0, shown),
                         c == label_at_ ? "; classes are numbered 0, 1, 2, ... (in pandas: "
                                          "column.astype(\"category\").cat.codes)"
                                        : ""));
      }
      if (std::abs(number) > double{std::numeric_limits<float>::max()}) {
        fail(fmt::format("column {}: {} is too large for single precision", names_[c], field));
      }
      if (c == label_at_) {
        table_.labels.push_back(number);
      } else {
        table_.numbers.push_back(static_cast<float>(number));
      }
    }
  }

  std::string_view left_;
  const std::filesystem::path& path_;
  std::string_view line_;
  std::size_t number_ = 0;
  char separator_ = ',';
  std::vector<std::string> names_;
  std::vector<std::string_view> fields_;
  std::size_t label_at_ = 0;
  CsvTable table_;
};

}  // namespace

CsvTable parse_csv(std::string_view content, const std::filesystem::path& path) {
  return TableParser(content, path).run();
}

}  // namespace hypnos
