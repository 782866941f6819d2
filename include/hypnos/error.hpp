#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

namespace hypnos {

/// Root of what the library throws. A bug is an assertion; these are about the world outside.
class Error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What was given cannot be used: a wrong option, parameter, or combination of them.
/// The message is one line that says what is wrong and how to mend it.
class InputError : public Error {
  using Error::Error;
};

/// A file that was given cannot be used; the message begins with its path.
class FileError : public InputError {
 public:
  FileError(const std::filesystem::path& file, const std::string& what_is_wrong);
  const std::filesystem::path& file() const { return file_; }
  const std::string& reason() const { return reason_; }  ///< the message without the path

 private:
  std::filesystem::path file_;
  std::string reason_;
};

/// A parameter has a value, or a name, that cannot be; the message begins with its name.
class ParameterError : public InputError {
 public:
  ParameterError(const std::string& parameter, const std::string& what_is_wrong);
  const std::string& parameter() const { return parameter_; }
  const std::string& reason() const { return reason_; }  ///< the message without the name

 private:
  std::string parameter_;
  std::string reason_;
};

/// What was asked for does not fit into the memory of this machine; on another it may.
class MemoryError : public InputError {
  using InputError::InputError;
};

/// Something that should work failed: writing a file, reaching a server.
class SystemError : public Error {
  using Error::Error;
};

}  // namespace hypnos
