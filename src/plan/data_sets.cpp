#include "hypnos/data_sets.hpp"

#include <filesystem>

#include "base/json.hpp"
#include "data/open_data.hpp"
#include "hypnos/named_data.hpp"
#include "training/recipe_json.hpp"

namespace hypnos {

namespace {

// Normalization is another matter: it does not change what is read.
std::string key_of(const std::string& name, DataReading reading) {
  reading.normalization = {};
  return name + text_of(to_json(reading));
}

}  // namespace

const TrainAndTest& DataSets::get(const std::string& name, const DataReading& reading,
                                  const Progress& progress) {
  DataReading plain = reading;
  plain.normalization = {};
  const std::scoped_lock lock(loading_);
  auto& data = loaded_[key_of(name, reading)];
  if (!data) {
    data = std::make_unique<const TrainAndTest>(
        TrainAndTest{.train = load(name, Split::train, plain, progress.stretch(0, 0.85)),
                     .test = load(name, Split::test, plain, progress.stretch(0.85, 1))});
  }
  return *data;
}

DataRecord DataSets::record(const std::string& name, const DataReading& reading,
                            const Subset& subset) {
  std::shared_ptr<const OpenData> data;
  {
    const std::scoped_lock lock(loading_);
    auto& opened = opened_[key_of(name, reading)];
    if (!opened) {
      OpenData file = open_data(name, reading, Split::train);
      if (file.known_sha256.empty()) file.known_sha256 = checksum_of(file.half(Split::train));
      opened = std::make_shared<const OpenData>(std::move(file));
    }
    data = opened;
  }
  return record_of(*data, draw(*data, subset));
}

std::string DataSets::checksum(const std::string& name, const DataReading& reading) {
  if (!std::filesystem::path(name).is_absolute()) return {};
  std::string& checksum = checksums_[key_of(name, reading)];
  if (checksum.empty()) checksum = checksum_of(open_data(name, reading, Split::train));
  return checksum;
}

}  // namespace hypnos
