#pragma once

// A data set that was found by its name or path, and how it is read.

#include <optional>
#include <string>
#include <vector>

#include "data/data_format.hpp"
#include "hypnos/data_record.hpp"
#include "hypnos/subset.hpp"

namespace hypnos {

struct OpenData {
  std::string name;
  DataFiles files;
  DataFormat format;
  std::string known_sha256 = {};  ///< of the training half, where it need not be computed

  /// @throws FileError when this half is not there.
  const DataHalf& half(Split split) const;
};

/// Opens a data set. Of named data, whose format is known, only one half is read; of others both,
/// so that what one says of the format is known to the other.
/// @param needed of named data
/// @throws as load()
OpenData open_data(const std::string& name_or_path, const DataReading& reading, Split needed,
                   const Progress& progress = {});

/// The classes of a half's samples, counted from 0.
std::vector<std::uint32_t> classes_of(const DataHalf& half, const DataFormat& format);

/// Draws from the training half.
/// @throws as draw() of hypnos/subset.hpp
std::vector<std::uint32_t> draw(const OpenData& data, const Subset& subset);

/// Reads samples as Dataset, not normalized.
/// @param samples null: all
Dataset read_samples(const OpenData& data, Split split,
                     const std::vector<std::uint32_t>* samples = nullptr,
                     const Progress& progress = {});

/// SHA-256 of the shape, the numbers as the file has them, and the labels, in their order.
/// @param samples null: all
std::string checksum_of(const DataHalf& half, const std::vector<std::uint32_t>* samples = nullptr);

/// @param chosen the training subset
DataRecord record_of(const OpenData& data, const std::vector<std::uint32_t>& chosen);

/// SHA-256 of both halves; empty for named data, whose content is known.
std::string checksum_of(const OpenData& data);

}  // namespace hypnos
