#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "cli/console.hpp"
#include "cli/verbs.hpp"
#include "training/recipe.hpp"

namespace hypnos::cli {
namespace {

struct Options {
  std::string model;
  bool json = false;
};

struct Range {
  float least, largest;
  double mean;
  double positive;  // part of the values
};

Range range_of(const std::vector<float>& values) {
  const auto [least, largest] = std::minmax_element(values.begin(), values.end());
  const auto count = static_cast<double>(values.size());
  const auto positive = std::count_if(values.begin(), values.end(), [](float v) { return v > 0; });
  return {*least, *largest, std::accumulate(values.begin(), values.end(), 0.0) / count,
          static_cast<double>(positive) / count};
}

struct Array {
  std::string name, type;
  std::vector<std::size_t> shape;
  Range range;
};

std::vector<Array> arrays_of(const Model& model) {
  std::vector<Array> arrays;
  for (std::size_t l = 0; l < model.network.layers.size(); ++l) {
    const Layer& layer = model.network.layers[l];
    const LayerFormat& format = model.formats[l];
    arrays.push_back({format.weights_name,
                      format.weights_type,
                      {layer.outputs, layer.inputs},
                      range_of(layer.weights)});
    if (!layer.biases.empty()) {
      arrays.push_back(
          {format.biases_name, format.biases_type, {layer.outputs}, range_of(layer.biases)});
    }
  }
  return arrays;
}

void print_json(const Options& options, const Model& model) {
  Json layers = Json::array();
  for (const Array& a : arrays_of(model)) {
    layers.push_back({{"name", a.name},
                      {"type", a.type},
                      {"shape", a.shape},
                      {"min", a.range.least},
                      {"max", a.range.largest},
                      {"mean", a.range.mean},
                      {"positive", a.range.positive}});
  }
  const Json result = {{"model", options.model},
                       {"output", name_of(model.network.output)},
                       {"dropout", model.network.dropout},
                       {"dropout_form", name_of(model.network.dropout_form)},
                       {"tensors", layers},
                       {"metadata", model.metadata}};
  fmt::print("{}\n", text_of(result));
}

void print_table(const Model& model) {
  std::vector<std::vector<std::string>> rows = {
      {"tensor", "type", "shape", "min", "max", "mean", "positive"}};
  for (const Array& a : arrays_of(model)) {
    rows.push_back({a.name, a.type, fmt::format("{}", fmt::join(a.shape, " x ")),
                    fmt::format("{:.4g}", a.range.least), fmt::format("{:.4g}", a.range.largest),
                    fmt::format("{:.4g}", a.range.mean),
                    fmt::format("{:.1f}%", 100 * a.range.positive)});
  }
  fmt::print("{}\noutput {}, dropout {} ({})\n", table(rows), name_of(model.network.output),
             model.network.dropout, name_of(model.network.dropout_form));
  for (const auto& [key, value] : model.metadata) fmt::print("{}: {}\n", key, value);
}

}  // namespace

void add_inspect(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      program.add_subcommand("inspect", "Show layers, shapes, ranges and metadata of a model");
  verb->add_option("model", options->model, "model file")->required();
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer(
      "\nExample:\n"
      "  hypnos inspect model.safetensors");
  verb->callback([options] {
    const Model model = read_model(options->model);
    options->json ? print_json(*options, model) : print_table(model);
  });
}

}  // namespace hypnos::cli
