#include "hypnos/data_sets.hpp"

#include <filesystem>

#include "data/checksum.hpp"
#include "hypnos/named_data.hpp"

namespace hypnos {
namespace {

template <typename Value>
std::string_view bytes_of(const std::vector<Value>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value)};
}

}  // namespace

const TrainAndTest& DataSets::get(const std::string& name, const Progress& progress) {
  const std::scoped_lock lock(loading_);
  auto& data = loaded_[name];
  if (!data) {
    data = std::make_unique<const TrainAndTest>(
        TrainAndTest{.train = load(name, Split::train, progress.stretch(0, 0.85)),
                     .test = load(name, Split::test, progress.stretch(0.85, 1))});
  }
  return *data;
}

std::string DataSets::checksum(const std::string& name) {
  if (!std::filesystem::path(name).is_absolute()) return {};
  const TrainAndTest& data = get(name);
  std::string& checksum = checksums_[name];
  if (checksum.empty()) {
    std::string parts;
    for (const Dataset* half : {&data.train, &data.test}) {
      parts += sha256(bytes_of(half->images)) + sha256(bytes_of(half->labels));
    }
    checksum = sha256(parts);
  }
  return checksum;
}

}  // namespace hypnos
