#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "hypnos/dataset.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// Both halves of a data set.
struct TrainAndTest {
  Dataset train;
  Dataset test;
};

/// The data sets of a study: each is loaded once, and shared by all threads.
class DataSets {
 public:
  /// The data before they are normalized.
  /// @param data name, or full path of a folder or file
  /// @throws as load(); Stopped
  const TrainAndTest& get(const std::string& data, const DataReading& reading = {},
                          const Progress& progress = {});

  /// SHA-256 of shapes, images and labels of a folder or file; empty for named data, whose content
  /// is known. To be called by one thread at a time.
  std::string checksum(const std::string& data, const DataReading& reading = {});

 private:
  std::mutex loading_;
  std::map<std::string, std::unique_ptr<const TrainAndTest>> loaded_;
  std::map<std::string, std::string> checksums_;
};

}  // namespace hypnos
