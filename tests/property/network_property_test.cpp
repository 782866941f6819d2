// Properties of model files.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "hypnos/error.hpp"
#include "hypnos/model_file.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"

namespace hypnos::test {
namespace {

Model any_model() {
  std::vector<std::size_t> sizes(static_cast<std::size_t>(*rc::gen::inRange(2, 7)));
  for (std::size_t& size : sizes) size = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
  return make_model(random_network(sizes, -2, 2, *rc::gen::arbitrary<std::uint32_t>(),
                                   *rc::gen::arbitrary<bool>()));
}

RC_GTEST_PROP(ModelFileProperty, WritingReadingAndWritingGivesTheSameBytes, ()) {
  const TemporaryFolder folder;
  write_model(folder / "a", any_model());
  write_model(folder / "b", read_model(folder / "a"));
  RC_ASSERT(read_text(folder / "a") == read_text(folder / "b"));
}

RC_GTEST_PROP(ModelFileProperty, DamagedFilesAreReadOrRefusedButNeverCrash, ()) {
  const TemporaryFolder folder;
  write_model(folder / "a", any_model());
  std::string content = read_text(folder / "a");
  const auto changes = *rc::gen::inRange(1, 4);
  for (int k = 0; k < changes; ++k) {
    const auto at =
        static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(content.size())));
    content[at] = static_cast<char>(*rc::gen::inRange(0, 256));
  }
  content.resize(content.size() - static_cast<std::size_t>(*rc::gen::inRange(0, 3)));
  write_text(folder / "b", content);
  try {
    validate(read_model(folder / "b").network);
  } catch (const FileError& error) {
    RC_ASSERT(std::string(error.what()).starts_with((folder / "b").string()));
  }
}

}  // namespace
}  // namespace hypnos::test
