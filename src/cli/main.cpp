#include <fmt/format.h>

#include <exception>

#include "cli/interrupt.hpp"
#include "cli/verbs.hpp"
#include "cli/version.hpp"
#include "hypnos/error.hpp"

namespace {

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

int report(const std::exception& error, int status) {
  fmt::print(stderr, "hypnos: {}\n", error.what());
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace hypnos;
  CLI::App program("Hypnos puts neural networks to sleep: Sleep Replay Consolidation.", "hypnos");
  program.set_version_flag("--version", std::string("hypnos ") + cli::version());
  program.require_subcommand(1);
  program.footer(examples);
  cli::add_data(program);
  cli::add_train(program);
  cli::add_sleep(program);
  cli::add_wake(program);
  cli::add_finetune(program);
  cli::add_eval(program);
  cli::add_inspect(program);
  cli::catch_interrupts();
  try {
    program.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
    return report(error, wrong_call);
  } catch (const cli::Interrupted&) {
    return 128 + cli::interrupted();
  } catch (const InputError& error) {
    return report(error, wrong_call);
  } catch (const std::exception& error) {
    return report(error, failed);
  }
}
