#pragma once

// Studies of a small data set, of a second or less.

#include <gtest/gtest.h>

#include "hypnos/study.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"

namespace hypnos::test {

inline void write_npy(const std::filesystem::path& path, const std::string& type,
                      const std::string& shape, const void* bytes, std::size_t count) {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  header.resize(117, ' ');
  header += '\n';
  std::string file("\x93NUMPY\x01\x00\x76\x00", 10);
  file += header;
  file.append(static_cast<const char*>(bytes), count);
  write_text(path, file);
}

inline SleepParameters parameters(const std::string& name) {
  return parse_sleep_parameters(
      "steps = 200\nmax_rate = 200\npatch = 4\nincrement = 0.001\n"
      "decrement = 0.0002\nthreshold = [0.5, 0.5]\nalpha_scale = 3",
      name);
}

class SmallStudy : public testing::Test {
 protected:
  SmallStudy() {
    std::filesystem::create_directory(folder_ / "data");
    for (const auto& [half, seed] : {std::pair{"train", 1}, std::pair{"test", 1}}) {
      const Dataset data = toy_data(60, 5, 5, 3, static_cast<std::uint64_t>(seed));
      write_npy(folder_ / ("data/" + std::string(half) + "-images.npy"), "<f4", "(60, 5, 5)",
                data.images.data(), data.images.size() * sizeof(float));
      write_npy(folder_ / ("data/" + std::string(half) + "-labels.npy"), "<u4", "(60,)",
                data.labels.data(), data.labels.size() * sizeof(std::uint32_t));
    }
  }

  Plan plan(const std::vector<std::string>& settings = {}) {
    return plan_with("epochs = 2\nfinetune_epochs = 1\n", settings);
  }

  Plan plan_with(const std::string& lines, const std::vector<std::string>& settings = {}) {
    write_text(folder_ / "plan.toml",
               "answers = 'x'\ndata = 'data'\nper_class = [5, 10]\nhidden = [8]\n"
               "protocol = 'modern'\nsleep = 'any'\nseeds = 3\n" +
                   lines);
    return read_plan(folder_ / "plan.toml", settings, parameters, data_);
  }

  RunStatus run(const Plan& plan, const std::string& name, unsigned jobs,
                const Progress& progress = {}) {
    Database database(folder_ / name, Database::Access::write);
    return run_study(plan, database, data_, folder_ / (name + ".cache"), {.program = "test"},
                     {.threads = jobs, .progress = progress});
  }

  // Three tasks of one class, by each learner.
  Plan sequences(const std::vector<std::string>& settings = {}) {
    write_text(folder_ / "tasks.toml",
               "answers = 'x'\ndata = 'data'\ntasks = 'singles'\ntask_fraction = 0.9\n"
               "hidden = [20]\nepochs = 100\nbatch_size = 10\nlearning_rate = 0.1\n"
               "initial_range = 0.3\nsleep = 'any'\nmemory = [0, 6]\n"
               "against = ['sequential', 'joint', 'ewc', 'lwf', 'averaging', 'icarl-sleep', "
               "'nearest-class-mean']\nseeds = 2\n");
    return read_plan(folder_ / "tasks.toml", settings, parameters, data_);
  }

  TemporaryFolder folder_;
  DataSets data_;
};

}  // namespace hypnos::test
