#include "support/golden.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace hypnos::test {
namespace {

using Json = nlohmann::json;

Json read(const std::string& name) {
  std::ifstream in(std::filesystem::path(GOLDEN_DIR) / (name + ".json"));
  return Json::parse(in);
}

// Matrices stand in the files as rows, or row after row in one list.
void append(const Json& values, std::vector<float>& out) {
  for (const Json& value : values) {
    if (value.is_array()) {
      append(value, out);
    } else {
      out.push_back(value.get<float>());
    }
  }
}

Network read_network(const std::vector<std::size_t>& sizes, const Json& weights) {
  Network network;
  network.output = OutputKind::relu;
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
    Layer layer{.outputs = sizes[l + 1], .inputs = sizes[l]};
    append(weights[l], layer.weights);
    network.layers.push_back(std::move(layer));
  }
  return network;
}

}  // namespace

std::vector<std::string> golden_names(const std::string& kind) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(GOLDEN_DIR)) {
    const std::string name = entry.path().stem();
    if (name.starts_with(kind)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

GoldenSleep read_golden_sleep(const std::string& name) {
  const Json json = read(name);
  const auto sizes = json.at("sizes").get<std::vector<std::size_t>>();
  GoldenSleep golden;
  golden.before = read_network(sizes, json.at("weights_before"));
  golden.after = read_network(sizes, json.at("weights_after"));
  golden.parameters.steps = json.at("steps").get<std::uint64_t>();
  golden.parameters.decay = json.at("decay").get<double>();
  golden.parameters.increment = json.at("inc").get<double>();
  golden.parameters.decrement = json.at("dec").get<double>();
  golden.gains = json.at("alpha").get<std::vector<double>>();
  golden.parameters.input_gain = GivenGains{golden.gains};
  auto thresholds = json.at("beta").get<std::vector<double>>();
  for (double& threshold : thresholds) threshold *= json.at("threshold").get<double>();
  golden.parameters.firing = Thresholds{thresholds};
  golden.input_spikes.assign(golden.parameters.steps * sizes[0], 0);
  for (std::size_t step = 0; step < golden.parameters.steps; ++step) {
    const Json& active = json.at("input_spikes")[step];
    // A single spike may stand without its brackets.
    const auto units = active.is_array() ? active.get<std::vector<std::size_t>>()
                                         : std::vector{active.get<std::size_t>()};
    for (const std::size_t unit : units) golden.input_spikes[step * sizes[0] + unit] = 1;
  }
  golden.spike_counts = json.at("spike_counts").get<std::vector<std::vector<std::uint64_t>>>();
  return golden;
}

GoldenScale read_golden_scale(const std::string& name) {
  const Json json = read(name);
  GoldenScale golden;
  golden.network =
      read_network(json.at("sizes").get<std::vector<std::size_t>>(), json.at("weights"));
  golden.network.dropout = json.at("dropout").get<float>();
  golden.network.dropout_form = DropoutForm::classical;
  append(json.at("inputs"), golden.inputs);
  golden.factors = json.at("factors").get<std::vector<double>>();
  return golden;
}

}  // namespace hypnos::test
