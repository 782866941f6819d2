#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "hypnos/dataset.hpp"

namespace hypnos {

/// Both halves of a data set.
struct TrainAndTest {
  Dataset train;
  Dataset test;
};

/// The data sets of a study: each is loaded once, and shared by all threads.
class DataSets {
 public:
  /// @param data name, or full path of a folder
  /// @throws as load()
  const TrainAndTest& get(const std::string& data);

  /// SHA-256 of images and labels of a folder; empty for named data, whose content is known. Not
  /// for several threads.
  std::string checksum(const std::string& data);

 private:
  std::mutex loading_;
  std::map<std::string, std::unique_ptr<const TrainAndTest>> loaded_;
  std::map<std::string, std::string> checksums_;
};

}  // namespace hypnos
