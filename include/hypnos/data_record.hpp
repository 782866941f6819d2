#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hypnos {

/// What the training half of a data set was, and which part of it trained a network. Another day
/// other data may lie under the same name.
struct DataRecord {
  std::size_t samples = 0;
  std::vector<std::size_t> shape = {};  ///< of one sample, as the file has it
  std::string sha256 = {};              ///< of shape, numbers and labels, in their order
  std::size_t subset_samples = 0;
  std::string subset_sha256 = {};  ///< likewise, of the training subset; empty: not known

  bool operator==(const DataRecord&) const = default;
};

}  // namespace hypnos
