#pragma once

// What a verb reads and writes: no file is written over another that the same call names.

#include <filesystem>
#include <string>
#include <vector>

namespace hypnos {

struct ReadFile {
  std::string role;  ///< as messages call it: "--params"
  std::filesystem::path path;
};

struct WrittenFile {
  std::string role;
  std::filesystem::path path;    ///< empty: it is not written
  std::string may_replace = {};  ///< the role of the input that it may be
};

struct Files {
  std::vector<ReadFile> read = {};
  std::vector<WrittenFile> written = {};
};

/// Adds -o, and what an interrupted call writes in its place.
/// @param may_replace as WrittenFile has it
void add_model_output(Files& files, const std::string& output, const std::string& may_replace = {});

/// Adds the files of data: one, or those of a folder. Nothing for named data and an empty name.
void add_data_files(Files& files, const std::string& data);

/// Of a verb that turns a model into another: its output may be the model that it reads.
void check_verb_files(const std::string& model, const std::string& data, const std::string& output);

/// @throws InputError when two outputs are one file, or an output is an input, by whatever names.
void check_files_differ(const Files& files);

}  // namespace hypnos
