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

// What brief results leave out.
constexpr std::array left_out = {"per_class", "weights", "responses", "activity"};

// What programs before version 1 of the numbers did not measure.
constexpr std::array not_in_older = {"network_sha256", "worst_recall", "cross_entropy",
                                     "calibration_error", "roc_area"};

template <std::size_t count>
bool has(const std::array<const char*, count>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Comparison {
 public:
  explicit Comparison(bool older) : older_(older) {}

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
      if (claimed.contains(name) || value.is_null() || has(left_out, name)) continue;
      if (older_ && has(not_in_older, name)) continue;
      if (where.empty() && has(passed_over, name)) continue;
      differences_.push_back({inside(name), Json(), value});
    }
  }

  bool older_;
  std::vector<Difference> differences_;
};

}  // namespace

std::vector<Difference> differences(const Json& claimed, const Json& found) {
  Comparison comparison(!claimed.contains("numbers") || claimed["numbers"] == 0);
  comparison.compare("", claimed, found);
  return comparison.take();
}

}  // namespace hypnos
