#include "hypnos/error.hpp"

namespace hypnos {

FileError::FileError(const std::filesystem::path& file, const std::string& what_is_wrong)
    : InputError(file.string() + ": " + what_is_wrong), file_(file), reason_(what_is_wrong) {}

ParameterError::ParameterError(const std::string& parameter, const std::string& what_is_wrong)
    : InputError(parameter + ": " + what_is_wrong), parameter_(parameter), reason_(what_is_wrong) {}

}  // namespace hypnos
