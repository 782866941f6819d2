#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "hypnos/data_record.hpp"
#include "hypnos/dataset.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/subset.hpp"

namespace hypnos {

struct OpenData;

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

  /// What the training half and a subset of it are, for the recipes of networks. The files stay in
  /// memory for the next one.
  DataRecord record(const std::string& data, const DataReading& reading, const Subset& subset);

 private:
  std::mutex loading_;
  std::map<std::string, std::unique_ptr<const TrainAndTest>> loaded_;
  std::map<std::string, std::shared_ptr<const OpenData>> opened_;
  std::map<std::string, std::string> checksums_;
};

}  // namespace hypnos
