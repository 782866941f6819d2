#include "base/json_shape.hpp"

#include <fmt/format.h>

#include <cassert>

namespace hypnos {
namespace {

bool has_type(const Json& value, const std::string& type) {
  if (type == "text") return value.is_string();
  if (type == "number") return value.is_number();
  if (type == "number?") return value.is_number() || value.is_null();
  if (type == "truth") return value.is_boolean();
  if (type == "object") return value.is_object();
  assert(type == "any");
  return true;
}

std::string compare(const Json& value, const Json& shape, const std::string& place);

std::string compare_elements(const Json& value, const Json& shape, const std::string& place) {
  if (!value.is_array()) return place + ": is not an array";
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::string wrong = compare(value[i], shape, fmt::format("{}[{}]", place, i));
    if (!wrong.empty()) return wrong;
  }
  return {};
}

std::string compare_members(const Json& value, const Json& shape, const std::string& place) {
  if (!value.is_object()) return (place.empty() ? "" : place + ": ") + "is not an object";
  const auto inside = [&](const std::string& name) {
    return place.empty() ? name : place + "." + name;
  };
  for (const auto& [pattern, expected] : shape.items()) {
    std::string wrong;
    if (pattern == "*") {
      for (const auto& [name, member] : value.items()) {
        if (wrong.empty()) wrong = compare(member, expected, inside(name));
      }
    } else {
      const bool optional = pattern.ends_with('?');
      const std::string name = pattern.substr(0, pattern.size() - (optional ? 1 : 0));
      if (value.contains(name)) {
        wrong = compare(value[name], expected, inside(name));
      } else if (!optional) {
        wrong = inside(name) + ": is missing";
      }
    }
    if (!wrong.empty()) return wrong;
  }
  return {};
}

std::string compare(const Json& value, const Json& shape, const std::string& place) {
  if (shape.is_array()) return compare_elements(value, shape.front(), place);
  if (shape.is_object()) return compare_members(value, shape, place);
  const auto type = shape.get<std::string>();
  return has_type(value, type) ? "" : fmt::format("{}: is not a {}", place, type);
}

}  // namespace

std::string difference_from_shape(const Json& value, const Json& shape) {
  return compare(value, shape, "");
}

}  // namespace hypnos
