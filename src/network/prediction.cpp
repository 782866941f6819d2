#include "hypnos/prediction.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/denormals_kept.hpp"
#include "base/memory.hpp"
#include "base/products.hpp"
#include "hypnos/error.hpp"
#include "network/layer_panels.hpp"

namespace hypnos {
namespace {

// Samples that go through the network together: few enough for their activations to stay in the
// cache, and many enough for the weights to be worth fetching.
constexpr std::size_t block = 192;

// The network and the activations of one block.
class Predictor {
 public:
  Predictor(const Network& network, std::size_t samples, unsigned threads)
      : network_(network),
        team_(std::max(threads, 1U)),
        buffers_(team_.size(), std::vector<float>(network.inputs())),
        maxima_(team_.size()) {
    activations_.emplace_back(samples, network.inputs());
    for (const Layer& layer : network.layers) {
      layers_.push_back(panels_of(layer));
      activations_.emplace_back(samples, layer.outputs);
    }
    for (auto& of_thread : maxima_) of_thread.assign(layers_.size(), 0.0F);
  }

  // Of samples that follow each other.
  void run(const ImageSource& image, std::size_t first, std::size_t count) {
    team_.run([&](Share share) {
      const auto [begin, end] = share.of(count);
      for (std::size_t s = begin; s < end; ++s) {
        activations_[0].set_row(s, image(first + s, buffers_[share.index]));
      }
    });
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const bool hidden = l + 1 < layers_.size();
      const bool linear = !hidden && network_.output != OutputKind::relu;
      const ForwardProduct product{
          .samples = count,
          .below = activations_[l],
          .layer = layers_[l],
          .result = activations_[l + 1],
          .activation = linear ? Activation::linear : Activation::rectified,
          .scale = hidden ? network_.test_factor() : 1.0F};
      team_.run([&](Share share) {
        multiply_forward(product, share);
        float& largest = maxima_[share.index][l];
        largest = std::max(largest, largest_or_zero(product.result, count, share));
      });
    }
  }

  // What the layer answers to the block, [count x units].
  void copy_responses(std::size_t layer, std::span<float> responses, std::size_t count) {
    const std::size_t units = network_.layers[layer].outputs;
    for (std::size_t s = 0; s < count; ++s) {
      activations_[layer + 1].get_row(s, responses.subspan(s * units, units));
    }
  }

  std::vector<float> maxima() const {
    std::vector<float> all(layers_.size(), 0.0F);
    for (const auto& of_thread : maxima_) {
      for (std::size_t l = 0; l < all.size(); ++l) all[l] = std::max(all[l], of_thread[l]);
    }
    return all;
  }

 private:
  const Network& network_;
  ThreadTeam team_;
  std::vector<std::vector<float>> buffers_;  // an image for each thread
  std::vector<LayerPanels> layers_;
  std::vector<Panels> activations_;         // the images, then each layer's
  std::vector<std::vector<float>> maxima_;  // [threads][layers]
};

// About what the predictor keeps: the weights, and the activations of a block.
double bytes_for(const Network& network, std::size_t samples) {
  double numbers = 0;
  for (const Layer& layer : network.layers) {
    numbers += static_cast<double>(layer.outputs) * static_cast<double>(layer.inputs + samples);
  }
  return numbers * sizeof(float);
}

// A sigmoid of z is a softmax over (0, z).
std::vector<float> as_two_logits(const std::vector<float>& outputs) {
  std::vector<float> logits(2 * outputs.size(), 0.0F);
  for (std::size_t s = 0; s < outputs.size(); ++s) logits[2 * s + 1] = outputs[s];
  return logits;
}

std::vector<std::uint32_t> largest_of_each(std::span<const float> outputs, std::size_t classes) {
  std::vector<std::uint32_t> answers;
  answers.reserve(outputs.size() / classes);
  for (auto row = outputs.begin(); row != outputs.end();
       row += static_cast<std::ptrdiff_t>(classes)) {
    const auto largest = std::max_element(row, row + static_cast<std::ptrdiff_t>(classes));
    answers.push_back(static_cast<std::uint32_t>(largest - row));
  }
  return answers;
}

}  // namespace

Prediction predict(const Network& network, std::span<const float> images,
                   const Execution& execution, const ResponseVisitor& visit) {
  validate(network);
  const std::size_t inputs = network.inputs();
  if (images.size() % inputs != 0) {
    throw InputError(fmt::format("{} numbers are not whole images for a network of {} inputs",
                                 images.size(), inputs));
  }
  const auto image = [&](std::size_t sample, std::span<float> /*buffer*/) {
    return images.subspan(sample * inputs, inputs);
  };
  return predict(network, images.size() / inputs, image, execution, visit);
}

Prediction predict(const Network& network, std::size_t samples, const ImageSource& image,
                   const Execution& execution, const ResponseVisitor& visit) {
  validate(network);
  const DenormalsKept denormals;
  require_memory(bytes_for(network, std::min(block, samples)), "running this network");
  Predictor predictor(network, std::min(block, samples), execution.threads);
  Prediction prediction;
  prediction.outputs.resize(samples * network.outputs());
  std::vector<float> responses;
  for (std::size_t first = 0; first < samples; first += block) {
    execution.progress.tell(static_cast<double>(first) / static_cast<double>(samples));
    const std::size_t count = std::min(block, samples - first);
    predictor.run(image, first, count);
    const std::size_t last = network.layers.size() - 1;
    const auto outputs =
        std::span(prediction.outputs).subspan(first * network.outputs(), count * network.outputs());
    predictor.copy_responses(last, outputs, count);
    if (!visit) continue;
    for (std::size_t l = 0; l < last; ++l) {
      responses.resize(count * network.layers[l].outputs);
      predictor.copy_responses(l, responses, count);
      visit(l, first, responses);
    }
    visit(last, first, outputs);
  }
  if (network.output == OutputKind::sigmoid) prediction.outputs = as_two_logits(prediction.outputs);
  prediction.answers = largest_of_each(prediction.outputs, network.classes());
  prediction.maxima = predictor.maxima();
  return prediction;
}

void check_inputs(const Network& network, std::size_t features) {
  if (features != network.inputs()) {
    throw InputError(
        fmt::format("images of {} pixels for a network of {} inputs", features, network.inputs()));
  }
}

}  // namespace hypnos
