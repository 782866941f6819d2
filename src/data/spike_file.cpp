#include "hypnos/spike_file.hpp"

#include <fmt/format.h>

#include "base/whole_file.hpp"
#include "data/npy_view.hpp"
#include "hypnos/error.hpp"

namespace hypnos {

GivenSpikes read_spikes(const std::filesystem::path& path) {
  const std::string content = read_file(path);
  const ArrayView array = parse_npy(content, path);
  if (array.shape.size() != 2 || array.bytes.empty()) {
    throw FileError(path, fmt::format("spikes need the shape [steps x inputs], not [{}]",
                                      fmt::join(array.shape, " x ")));
  }
  GivenSpikes given{.steps = array.shape[0], .inputs = array.shape[1]};
  given.spikes.reserve(array.elements());
  const bool any_number = array.type == NumberType::boolean || array.type == NumberType::u1;
  std::vector<double> row(given.inputs);
  for (std::size_t step = 0; step < given.steps; ++step) {
    read_row(array, step, row);
    for (const double number : row) {
      if (!any_number && number != 0 && number != 1) {
        throw FileError(
            path, fmt::format("step {}: {} is neither 0 nor 1, and so no spike", step, number));
      }
      given.spikes.push_back(number != 0 ? 1 : 0);
    }
  }
  return given;
}

}  // namespace hypnos
