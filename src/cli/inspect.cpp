#include <fmt/format.h>

#include <memory>

#include "base/json.hpp"
#include "cli/console.hpp"
#include "cli/verbs.hpp"
#include "hypnos/model_file.hpp"
#include "hypnos/weight_summary.hpp"

namespace hypnos::cli {
namespace {

struct Options {
  std::string model;
  bool json = false;
};

struct Array {
  std::string name, type;
  std::vector<std::size_t> shape;
  WeightSummary values;
};

std::vector<Array> arrays_of(const Model& model) {
  std::vector<Array> arrays;
  for (std::size_t l = 0; l < model.network.layers.size(); ++l) {
    const Layer& layer = model.network.layers[l];
    const LayerFormat& format = model.formats[l];
    arrays.push_back({format.weights_name,
                      format.weights_type,
                      {layer.outputs, layer.inputs},
                      summarize_weights(layer.weights)});
    if (!layer.biases.empty()) {
      arrays.push_back({format.biases_name,
                        format.biases_type,
                        {layer.outputs},
                        summarize_weights(layer.biases)});
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
                      {"min", a.values.low},
                      {"max", a.values.high},
                      {"mean", a.values.mean},
                      {"positive", a.values.positive}});
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
                    fmt::format("{:.4g}", a.values.low), fmt::format("{:.4g}", a.values.high),
                    fmt::format("{:.4g}", a.values.mean),
                    fmt::format("{:.1f}%", 100 * a.values.positive)});
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
