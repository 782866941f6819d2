#pragma once

#include <exception>

namespace hypnos {

/// Thrown where a trial stops because it was asked to; what it had is dropped.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "stopped"; }
};

}  // namespace hypnos
