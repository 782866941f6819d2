#include <fmt/format.h>

#include <memory>

#include "base/json.hpp"
#include "cli/reading_choice.hpp"
#include "cli/verbs.hpp"
#include "hypnos/weight_summary.hpp"
#include "network/element_type.hpp"
#include "network/model_parts.hpp"
#include "terminal/console.hpp"

namespace hypnos::cli {
namespace {

struct InspectOptions {
  std::string model;
  ReadingChoice reading;
  bool json = false;
};

WeightSummary summary_of(const StoredTensor& tensor) {
  return summarize_weights(to_floats(tensor.type, tensor.bytes));
}

std::string reason(OrderEvidence evidence) {
  switch (evidence) {
    case OrderEvidence::single:
      return "the only one";
    case OrderEvidence::given:
      return "as it was said";
    case OrderEvidence::shapes:
      return "the only order in which the shapes are a chain";
    case OrderEvidence::numbers:
      return "by the numbers in their names";
    case OrderEvidence::file:
      break;
  }
  return "as they stand in the file, which is not in the order of the names";
}

void print_json(const InspectOptions& options, const Model& model) {
  Json tensors = Json::array();
  for (const StoredTensor& tensor : tensors_that_matter(model)) {
    const WeightSummary values = summary_of(tensor);
    tensors.push_back({{"name", tensor.name},
                       {"type", tensor.type},
                       {"shape", tensor.shape},
                       {"min", values.low},
                       {"max", values.high},
                       {"mean", values.mean},
                       {"positive", values.positive}});
  }
  Json norms = Json::array();
  for (const Norm& norm : norms_of(model)) {
    norms.push_back({{"name", norm.name}, {"of", norm.place}, {"epsilon", norm.epsilon}});
  }
  const Json result = {{"model", options.model},
                       {"output", name_of(model.network.output)},
                       {"dropout", model.network.dropout},
                       {"dropout_form", name_of(model.network.dropout_form)},
                       {"layers", layer_names(model)},
                       {"order", name_of(model.order)},
                       {"tensors", tensors},
                       {"batch_norms", norms},
                       {"kept", kept_names(model)},
                       {"metadata", model.metadata}};
  fmt::print("{}\n", text_of(result));
}

void print_table(const Model& model) {
  std::vector<std::vector<std::string>> rows = {
      {"tensor", "type", "shape", "min", "max", "mean", "positive"}};
  for (const StoredTensor& tensor : tensors_that_matter(model)) {
    const WeightSummary values = summary_of(tensor);
    rows.push_back({tensor.name, tensor.type, fmt::format("{}", fmt::join(tensor.shape, " x ")),
                    fmt::format("{:.4g}", values.low), fmt::format("{:.4g}", values.high),
                    fmt::format("{:.4g}", values.mean),
                    fmt::format("{:.1f}%", 100 * values.positive)});
  }
  show("{}\noutput {}, dropout {} ({})\n", table(rows), name_of(model.network.output),
       model.network.dropout, name_of(model.network.dropout_form));
  const std::string layers = fmt::format("{}", fmt::join(layer_names(model), ", "));
  show("layers: {} ({})\n", layers, reason(model.order));
  for (const Norm& norm : norms_of(model)) {
    show("BatchNorm {}: of {}, with epsilon {}; part of the weights while the network is used\n",
         norm.name, norm.place, norm.epsilon);
  }
  const std::string kept = fmt::format("{}", fmt::join(kept_names(model), ", "));
  if (!kept.empty()) show("kept as they are, without effect on any answer: {}\n", kept);
  for (const auto& [key, value] : model.metadata) show("{}: {}\n", key, value);
}

}  // namespace

void add_inspect(CLI::App& program) {
  auto options = std::make_shared<InspectOptions>();
  CLI::App* verb = program.add_subcommand(
      "inspect", "Show layers, shapes, ranges and metadata of a model, and how it was read");
  verb->add_option("model", options->model, "model file")->required();
  add_reading_options(*verb, options->reading);
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer(
      "\nExample:\n"
      "  hypnos inspect model.safetensors");
  verb->callback([options] {
    const Model model = read_model(options->model, options->reading);
    options->json ? print_json(*options, model) : print_table(model);
  });
}

}  // namespace hypnos::cli
