#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hypnos {

/// An enumerator and its name.
template <typename Enum>
struct Name {
  Enum value;
  const char* text;
};

/// The names of an enumeration: a constant array, specialized beside the enumeration. The program,
/// files and plans all use these names.
///
///     enum class Schedule { constant, cosine };
///     template <>
///     inline constexpr Name<Schedule> names_of<Schedule>[] = {{Schedule::constant, "constant"},
///                                                            {Schedule::cosine, "cosine"}};
template <typename Enum>
inline constexpr Name<Enum> names_of[1] = {};

template <typename Enum>
constexpr std::string_view name_of(Enum value) {
  for (const Name<Enum>& name : names_of<Enum>) {
    if (name.value == value) return name.text;
  }
  return {};
}

/// The enumerator of that name, or nothing.
template <typename Enum>
constexpr std::optional<Enum> named(std::string_view text) {
  for (const Name<Enum>& name : names_of<Enum>) {
    if (text == name.text) return name.value;
  }
  return std::nullopt;
}

/// All names, for messages: "none, weights or oversampling".
template <typename Enum>
std::string list_names() {
  std::string list;
  const std::size_t count = std::size(names_of<Enum>);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) list += i + 1 == count ? " or " : ", ";
    list += names_of<Enum>[i].text;
  }
  return list;
}

}  // namespace hypnos
