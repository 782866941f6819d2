#include "report/page.hpp"

#include <cassert>

#include "base/json.hpp"

namespace hypnos {
namespace {

// Where the template has its data.
constexpr std::string_view place = "\"the data\"";

// JSON in which nothing can end, or begin, an element of the page.
std::string text_for_html(const Json& data) {
  std::string escaped;
  const std::string text = text_of(data);
  escaped.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      escaped += "\\u003c";
    } else if (c == '>') {
      escaped += "\\u003e";
    } else if (c == '&') {
      escaped += "\\u0026";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace

std::string page_with(const Json& data, std::string page) {
  const std::size_t at = page.find(place);
  assert(at != std::string::npos);
  return page.replace(at, place.size(), text_for_html(data));
}

}  // namespace hypnos
