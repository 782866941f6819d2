// The sleep engine for a browser: one function, which puts a network to sleep and shows it along
// the way. It is the engine of the program: the same parameters and the same seed give the same
// bytes.
//
//   sleep(request, onFrame) -> {steps, weights}, or {error}
//
// ../src/watch/engine.d.ts says what is in a request, and in the frames that onFrame is shown:
// before the sleep, and along it. The parameters must give their input gains outright (alpha).

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hypnos/error.hpp"
#include "hypnos/input_gains.hpp"
#include "hypnos/metrics.hpp"
#include "hypnos/network.hpp"
#include "hypnos/prediction.hpp"
#include "hypnos/sleep.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/stimulus.hpp"

namespace {

using emscripten::val;
using emscripten::vecFromJSArray;

// A copy that the page may keep: memory of the engine moves when it grows.
template <class Number>
val copied(std::span<const Number> numbers) {
  return val(emscripten::typed_memory_view(numbers.size(), numbers.data())).call<val>("slice");
}

hypnos::Network network_of(const val& request) {
  hypnos::Network network{.output = hypnos::OutputKind::relu};
  const auto weights = emscripten::convertJSArrayToNumberVector<float>(request["weights"]);
  auto next = weights.begin();
  for (const val& shape : vecFromJSArray<val>(request["layers"])) {
    hypnos::Layer layer{.outputs = shape["outputs"].as<unsigned>(),
                        .inputs = shape["inputs"].as<unsigned>()};
    const auto size = static_cast<std::ptrdiff_t>(layer.outputs * layer.inputs);
    if (weights.end() - next < size) throw hypnos::InputError("there are too few weights");
    layer.weights.assign(next, next + size);
    next += size;
    network.layers.push_back(std::move(layer));
  }
  validate(network);
  return network;
}

// Collects what happens between two frames, and shows it.
class Watcher {
 public:
  Watcher(const val& request, const val& on_frame)
      : on_frame_(on_frame),
        images_(emscripten::convertJSArrayToNumberVector<float>(request["images"])),
        labels_(emscripten::convertJSArrayToNumberVector<std::uint32_t>(request["labels"])),
        fields_(request["fields"].as<unsigned>()) {}

  void show(std::uint64_t steps, const hypnos::Network& network) {
    const hypnos::Prediction found = hypnos::predict(network, images_);
    val frame = val::object();
    frame.set("steps", static_cast<double>(steps));
    frame.set("accuracy", hypnos::measure(labels_, found.answers, network.classes()).accuracy);
    frame.set("answers", copied(std::span(found.answers)));
    const hypnos::Layer& first = network.layers.front();
    frame.set("fields", copied(std::span(first.weights).first(fields_ * first.inputs)));
    frame.set("spikes", copied(std::span<const std::uint32_t>(spikes_)));
    spikes_.clear();
    on_frame_(frame);
  }

  void attach(hypnos::SleepObserver& observer, std::uint64_t steps, std::uint64_t frames) {
    for (std::uint64_t frame = 1; frame <= frames; ++frame) {
      const std::uint64_t at = steps * frame / frames;
      if (at > 0 && (observer.checkpoints.empty() || observer.checkpoints.back() < at)) {
        observer.checkpoints.push_back(at);
      }
    }
    observer.checkpoint = [this](std::uint64_t done, const hypnos::Network& network) {
      show(done, network);
      return true;
    };
    observer.spikes = [this](std::uint64_t step, std::size_t layer,
                             std::span<const std::uint32_t> units) {
      for (const std::uint32_t unit : units) {
        spikes_.insert(spikes_.end(),
                       {static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(layer), unit});
      }
    };
  }

 private:
  val on_frame_;
  std::vector<float> images_;
  std::vector<std::uint32_t> labels_;
  std::size_t fields_;
  std::vector<std::uint32_t> spikes_;  // [3 n]: step, layer, unit
};

val slept(const val& request, const val& on_frame) {
  hypnos::Network network = network_of(request);
  hypnos::SleepParameters parameters = hypnos::parse_sleep_parameters(
      request["parameters"].as<std::string>(), "the page's parameters");
  for (const val& setting : vecFromJSArray<val>(request["settings"])) {
    apply_setting(parameters, setting.as<std::string>());
  }
  const auto mean = emscripten::convertJSArrayToNumberVector<float>(request["mean"]);
  const hypnos::ImageShape shape{.rows = request["rows"].as<unsigned>(),
                                 .columns = request["columns"].as<unsigned>()};
  const auto gains = input_gains(parameters, network, {});
  const auto noise = noise_patches(mean, shape, parameters, request["seed"].as<unsigned>());

  Watcher watcher(request, on_frame);
  watcher.show(0, network);
  hypnos::SleepObserver observer;
  watcher.attach(observer, parameters.steps, request["frames"].as<unsigned>());
  const hypnos::SleepReport report = sleep(network, parameters, gains, noise, observer);

  std::vector<float> weights;
  for (const hypnos::Layer& layer : network.layers) {
    weights.insert(weights.end(), layer.weights.begin(), layer.weights.end());
  }
  val result = val::object();
  result.set("steps", static_cast<double>(report.steps));
  result.set("weights", copied(std::span<const float>(weights)));
  return result;
}

val sleep_or_say_why(const val& request, const val& on_frame) {
  try {
    return slept(request, on_frame);
  } catch (const std::exception& error) {
    val result = val::object();
    result.set("error", std::string(error.what()));
    return result;
  }
}

}  // namespace

EMSCRIPTEN_BINDINGS(hypnos) {
  emscripten::function("sleep", &sleep_or_say_why);
}
