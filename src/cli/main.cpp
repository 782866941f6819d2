#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "base/products.hpp"
#include "base/shell.hpp"
#include "cli/sentence.hpp"
#include "cli/verbs.hpp"
#include "hypnos/error.hpp"
#include "hypnos/progress.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "version/version.hpp"

namespace {

using namespace hypnos;

constexpr int failed = 1;
constexpr int wrong_call = 2;

constexpr const char* examples = R"(
Example: train on 1% of Fashion-MNIST, sleep, wake, fine-tune, and evaluate after each:
  hypnos train --data fashion-mnist --fraction 0.01 --protocol authors -o model.safetensors
  hypnos sleep model.safetensors --params authors-fashion-mnist-1pct -o slept.safetensors
  hypnos wake slept.safetensors -o awake.safetensors
  hypnos finetune awake.safetensors --epochs 20 -o tuned.safetensors
  hypnos eval tuned.safetensors

Exit status: 0 done, 1 the work failed, 2 the call or an input is wrong, 130 interrupted.)";

int report(const std::string& message, int status) {
  say("hypnos: {}\n", message);
  return status;
}

// The call as it can be typed again.
std::string command_line(int argc, char** argv) {
  std::string line = "hypnos";
  for (int i = 1; i < argc; ++i) line += " " + shell_word(argv[i]);
  return line;
}

void warn_of_slow_products() {
  if (has_fused_multiply_add()) return;
  say("note: this processor has no fused multiply-add ({}); training and evaluation are many "
      "times slower\n",
      vector_target());
}

int finish() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return 0;
  return report("standard output cannot be written", failed);
}

}  // namespace

int main(int argc, char** argv) {
  // A file that may not grow further (ulimit -f) is an error like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  CLI::App program("Hypnos puts neural networks to sleep: Sleep Replay Consolidation.", "hypnos");
  program.set_version_flag("--version", std::string("hypnos ") + version());
  program.require_subcommand(1);
  program.footer(examples);
  cli::add_data(program);
  cli::add_train(program);
  cli::add_sleep(program, command_line(argc, argv));
  cli::add_tune(program, command_line(argc, argv));
  cli::add_tasks(program);
  cli::add_wake(program);
  cli::add_finetune(program);
  cli::add_eval(program);
  cli::add_explain(program);
  cli::add_inspect(program);
  cli::add_run(program);
  cli::add_results(program);
  cli::add_verify(program);
  cli::add_report(program, command_line(argc, argv));
  // Called once all options are read, before the verb does its work.
  program.parse_complete_callback(warn_of_slow_products);
  const auto named = [&](const CLI::App* verb) { return verb->get_name() == argv[1]; };
  if (argc > 1 && argv[1][0] != '-' && program.get_subcommands(named).empty()) {
    return report(fmt::format("there is no verb \"{}\"; see hypnos --help", argv[1]), wrong_call);
  }
  try {
    program.parse(argc, argv);
    return finish();
  } catch (const CLI::RuntimeError& found) {  // the verb is done, and found something wrong
    return finish() == 0 ? found.get_exit_code() : failed;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      program.exit(error);
      return finish();
    }
    return report(error.what(), wrong_call);
  } catch (const Stopped&) {
    return 128 + interrupted();
  } catch (const InputError& error) {
    return report(cli::sentence(error), wrong_call);
  } catch (const Error& error) {
    return report(error.what(), failed);
  } catch (const std::bad_alloc&) {
    return report("out of memory", failed);
  } catch (const std::exception& error) {
    return report(error.what(), failed);
  }
}
