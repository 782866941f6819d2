#include "hypnos/data_sets.hpp"

#include <filesystem>

#include "base/json.hpp"
#include "data/open_data.hpp"
#include "hypnos/named_data.hpp"
#include "training/recipe_json.hpp"

namespace hypnos {

const TrainAndTest& DataSets::get(const std::string& name, const DataReading& reading,
                                  const Progress& progress) {
  DataReading plain = reading;
  plain.normalization = {};
  const std::scoped_lock lock(loading_);
  auto& data = loaded_[name + text_of(to_json(plain))];
  if (!data) {
    data = std::make_unique<const TrainAndTest>(
        TrainAndTest{.train = load(name, Split::train, plain, progress.stretch(0, 0.85)),
                     .test = load(name, Split::test, plain, progress.stretch(0.85, 1))});
  }
  return *data;
}

std::string DataSets::checksum(const std::string& name, const DataReading& reading) {
  if (!std::filesystem::path(name).is_absolute()) return {};
  std::string& checksum = checksums_[name];
  if (checksum.empty()) checksum = checksum_of(open_data(name, reading, Split::train));
  return checksum;
}

}  // namespace hypnos
