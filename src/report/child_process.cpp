#include "report/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <thread>

namespace hypnos {
namespace {

// Says what the child's standard streams are. Gives it a process group of its own, so that a Ctrl-C
// in the terminal does not reach it.
class SpawnSettings {
 public:
  explicit SpawnSettings(const std::filesystem::path& messages) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, messages.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes_, 0);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&files_);
  }

  std::optional<pid_t> spawn(char* const* arguments) const {
    pid_t child = 0;
    if (::posix_spawnp(&child, arguments[0], &files_, &attributes_, arguments, ::environ) != 0) {
      return std::nullopt;
    }
    return child;
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

// A running process. It is killed, with its own children, when nobody waits for its end any more.
class Child {
 public:
  explicit Child(pid_t process) : process_(process) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (ended_) return;
    ::kill(-process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  // Its status in the form of waitpid(), once it has ended.
  std::optional<int> status() {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
    ended_ = true;
    return status;
  }

 private:
  pid_t process_;
  bool ended_ = false;
};

}  // namespace

bool run_program(const std::vector<std::string>& arguments, const std::filesystem::path& messages,
                 const Progress& progress) {
  std::vector<std::string> copies = arguments;
  std::vector<char*> pointers;
  pointers.reserve(copies.size() + 1);
  for (std::string& argument : copies) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const auto process = SpawnSettings(messages).spawn(pointers.data());
  if (!process) return false;
  Child child(*process);
  while (true) {
    if (const auto status = child.status()) return WIFEXITED(*status) && WEXITSTATUS(*status) == 0;
    progress.tell(0);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace hypnos
