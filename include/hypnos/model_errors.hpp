#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "hypnos/error.hpp"

namespace hypnos {

/// A model file has a tensor of which it is not known what it does.
class UnknownTensorError : public FileError {
 public:
  UnknownTensorError(const std::filesystem::path& file, std::string tensor,
                     const std::string& what_is_wrong)
      : FileError(file, what_is_wrong), tensor_(std::move(tensor)) {}
  const std::string& tensor() const { return tensor_; }

 private:
  std::string tensor_;
};

/// The layers of a model file can follow each other in several ways, and nothing says in which.
class LayerOrderError : public FileError {
 public:
  LayerOrderError(const std::filesystem::path& file, std::vector<std::string> layers,
                  const std::string& what_is_wrong)
      : FileError(file, what_is_wrong), layers_(std::move(layers)) {}
  const std::vector<std::string>& layers() const { return layers_; }  ///< in one order that fits

 private:
  std::vector<std::string> layers_;
};

/// A BatchNorm can stand before or after the ReLU, and nothing says where.
class NormPlaceError : public FileError {
  using FileError::FileError;
};

}  // namespace hypnos
