#include "hypnos/named_data.hpp"

#include <gtest/gtest.h>

#include "data/checksum.hpp"
#include "hypnos/error.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::TemporaryFolder;

// A data set of four tiny files, with mirrors that are folders on this machine.
NamedData tiny(const std::vector<std::filesystem::path>& mirrors) {
  NamedData data{.name = "tiny", .description = "", .files = {}, .installed = {}, .mirrors = {}};
  for (std::size_t f = 0; f < 4; ++f) {
    const std::string content = "content " + std::to_string(f);
    data.files[f] = {.name = "file" + std::to_string(f), .sha256 = sha256(content)};
  }
  for (const auto& mirror : mirrors) data.mirrors.push_back("file://" + mirror.string() + "/");
  return data;
}

void fill(const std::filesystem::path& mirror, const std::string& prefix) {
  std::filesystem::create_directories(mirror);
  for (std::size_t f = 0; f < 4; ++f) {
    // Not compressed, as some servers deliver: told by content, not by name.
    test::write_text(mirror / ("file" + std::to_string(f) + ".gz"), prefix + std::to_string(f));
  }
}

TEST(Sha256, IsTheStandardOne) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Fetch, TriesMirrorsInTurnAndChecksThem) {
  const TemporaryFolder folder;
  fill(folder / "damaged", "not content ");
  fill(folder / "good", "content ");
  const NamedData data = tiny({folder / "missing", folder / "damaged", folder / "good"});
  EXPECT_TRUE(find_folder(data, folder / "cache").empty());
  fetch(data, folder / "cache", {});
  EXPECT_EQ(find_folder(data, folder / "cache"), folder / "cache/tiny");
  EXPECT_EQ(test::read_text(folder / "cache/tiny/file2.gz"), "content 2");
}

TEST(Fetch, NamesEveryFailure) {
  const TemporaryFolder folder;
  fill(folder / "damaged", "not content ");
  const NamedData data = tiny({folder / "missing", folder / "damaged"});
  const std::string message =
      test::message_of<SystemError>([&] { fetch(data, folder / "cache", {}); });
  EXPECT_NE(message.find("no mirror has file0"), std::string::npos) << message;
  EXPECT_NE(message.find("missing/file0.gz: "), std::string::npos) << message;
  EXPECT_NE(message.find("damaged/file0.gz: wrong SHA-256"), std::string::npos) << message;
}

TEST(Fetch, LeavesWhatIsWholeAndReplacesWhatIsDamaged) {
  const TemporaryFolder folder;
  fill(folder / "good", "content ");
  fill(folder / "cache/tiny", "content ");
  test::write_text(folder / "cache/tiny/file1.gz", "damaged");
  std::vector<std::string> downloaded;
  fetch(tiny({folder / "good"}), folder / "cache", [&](const std::string& file, double, double) {
    if (downloaded.empty() || downloaded.back() != file) downloaded.push_back(file);
    return true;
  });
  EXPECT_EQ(downloaded, (std::vector<std::string>{"file1"}));
  EXPECT_EQ(test::read_text(folder / "cache/tiny/file1.gz"), "content 1");
}

TEST(Load, NamesTheKnownSets) {
  EXPECT_EQ(test::message_of<InputError>([] { load("fashion-minst", Split::test); }),
            "there is no data set or folder \"fashion-minst\"; named sets: fashion-mnist, mnist");
}

}  // namespace
}  // namespace hypnos
