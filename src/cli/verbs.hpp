#pragma once

// Each verb adds itself to the program: its options, and what to do when it is called.

#include <CLI/CLI.hpp>
#include <string>

namespace hypnos::cli {

void add_data(CLI::App& program);
void add_train(CLI::App& program);
/// @param command the program's call, as its page shows it
void add_sleep(CLI::App& program, const std::string& command);
/// @param command the program's call, as it is recorded in results
void add_tune(CLI::App& program, const std::string& command);
void add_tasks(CLI::App& program);
void add_wake(CLI::App& program);
void add_finetune(CLI::App& program);
void add_eval(CLI::App& program);
void add_explain(CLI::App& program);
void add_inspect(CLI::App& program);
void add_run(CLI::App& program);
void add_results(CLI::App& program);
void add_verify(CLI::App& program);
/// @param command the program's call, as the page shows it
void add_report(CLI::App& program, const std::string& command);

}  // namespace hypnos::cli
