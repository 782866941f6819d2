#include <algorithm>
#include <array>
#include <string_view>

#include "base/json.hpp"
#include "hypnos/verification.hpp"

namespace hypnos {
namespace {

// What says nothing about the outcome of a trial.
constexpr std::array passed_over = {"id",      "name",    "configuration", "program",
                                    "numbers", "machine", "finished",      "seconds"};

// What results may leave out: it is of older programs, or left out for brevity.
constexpr std::array may_be_missing = {"per_class",     "weights",           "responses",
                                       "activity",      "network_sha256",    "worst_recall",
                                       "cross_entropy", "calibration_error", "roc_area"};

template <std::size_t count>
bool has(const std::array<const char*, count>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Comparison {
 public:
  void compare(const std::string& where, const Json& claimed, const Json& found) {
    if (claimed.is_object() && found.is_object()) {
      compare_objects(where, claimed, found);
    } else if (claimed.is_array() && found.is_array() && claimed.size() == found.size()) {
      for (std::size_t i = 0; i < claimed.size(); ++i) {
        compare(where + "[" + std::to_string(i) + "]", claimed[i], found[i]);
      }
    } else if (claimed != found) {
      differences_.push_back({where, claimed, found});
    }
  }
  std::vector<Difference> take() { return std::move(differences_); }

 private:
  void compare_objects(const std::string& where, const Json& claimed, const Json& found) {
    const auto inside = [&](const std::string& name) {
      return where.empty() ? name : where + "." + name;
    };
    for (const auto& [name, value] : claimed.items()) {
      if (where.empty() && has(passed_over, name)) continue;
      compare(inside(name), value, found.contains(name) ? found[name] : Json());
    }
    for (const auto& [name, value] : found.items()) {
      if (claimed.contains(name) || has(may_be_missing, name)) continue;
      if (where.empty() && has(passed_over, name)) continue;
      differences_.push_back({inside(name), Json(), value});
    }
  }

  std::vector<Difference> differences_;
};

}  // namespace

std::vector<Difference> differences(const Json& claimed, const Json& found) {
  Comparison comparison;
  comparison.compare("", claimed, found);
  return comparison.take();
}

}  // namespace hypnos
