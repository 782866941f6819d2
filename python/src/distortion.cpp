#include "hypnos/distortion.hpp"

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include "data.hpp"
#include "distortion.hpp"
#include "hypnos/attack.hpp"
#include "hypnos/error.hpp"
#include "network.hpp"
#include "work.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace sleepreplay {

hypnos::Distortion one_distortion(const std::string& text) {
  const std::vector<hypnos::Distortion> all = hypnos::read_distortions(text);
  if (all.size() != 1) {
    throw hypnos::ParameterError(
        "distort", fmt::format("\"{}\" names {} distortions; give one", text, all.size()));
  }
  return all.front();
}

void bind_distortion(nb::module_& module) {
  module.def(
      "distort",
      [](const HeldNetwork* network, const Data& data, const std::string& distortion,
         std::uint64_t seed, unsigned threads) {
        hypnos::Dataset found;
        run_watched(nb::none(), threads, [&](const hypnos::Execution& execution) {
          const hypnos::Distortion one = one_distortion(distortion);
          found = network == nullptr ? hypnos::distort(data.dataset, one, seed, execution.progress)
                                     : hypnos::distort(network->trained.network, data.dataset, one,
                                                       seed, execution);
        });
        const std::size_t samples = found.size();
        const std::size_t features = found.shape.features();
        return owned(images_of(found), {samples, features});
      },
      "network"_a.none(), "data"_a, "distortion"_a, "seed"_a, "threads"_a);
}

}  // namespace sleepreplay
