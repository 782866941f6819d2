#include "hypnos/named_data.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "data/checksum.hpp"
#include "data/download.hpp"
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
    data.files[f] = {.name = "file" + std::to_string(f), .sha256 = sha256(content), .bytes = 9};
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
  for (const char* whole : {"file0.gz", "file2.gz", "file3.gz"}) {
    std::filesystem::remove(folder / "good" / whole);  // nobody asks for these
  }
  double last = 0;
  fetch(tiny({folder / "good"}), folder / "cache", Progress([&](double part, std::string_view) {
          last = part;
          return true;
        }));
  EXPECT_DOUBLE_EQ(last, 1);
  EXPECT_EQ(test::read_text(folder / "cache/tiny/file1.gz"), "content 1");
}

TEST(Fetch, CanBeStopped) {
  const TemporaryFolder folder;
  fill(folder / "good", "content ");
  std::string last;
  const Progress progress([&](double, std::string_view file) {
    last = file;
    return file != "file2";
  });
  EXPECT_THROW(fetch(tiny({folder / "good"}), folder / "cache", progress), Stopped);
  EXPECT_EQ(last, "file2");
  EXPECT_EQ(test::read_text(folder / "cache/tiny/file1.gz"), "content 1") << "what came is kept";
  EXPECT_FALSE(std::filesystem::exists(folder / "cache/tiny/file2.gz"));
}

TEST(Download, TakesNothingButHttpsAndFiles) {
  for (const char* url :
       {"http://127.0.0.1:9/file", "ftp://127.0.0.1:9/file", "dict://127.0.0.1/"}) {
    const std::string message = test::message_of<SystemError>([&] { download(url, 1000); });
    EXPECT_NE(message.find("protocol"), std::string::npos) << message;
  }
}

TEST(Download, StopsWhereMoreComesThanWasAskedFor) {
  const TemporaryFolder folder;
  test::write_text(folder / "file", std::string(2000, 'x'));
  const std::string url = "file://" + (folder / "file").string();
  EXPECT_EQ(download(url, 2000).size(), 2000U);
  EXPECT_THROW(download(url, 1999), SystemError);
}

TEST(NamedData, ComesByHttpsAlone) {
  for (const NamedData& data : named_data()) {
    for (const std::string& mirror : data.mirrors) {
      EXPECT_TRUE(mirror.starts_with("https://")) << mirror;
    }
  }
}

// A server that takes the connection and says nothing.
TEST(Download, IsStoppedWhileTheServerIsSilent) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string url = "https://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/file";
  int told = 0;
  EXPECT_THROW(download(url, 1000, Progress([&](double, std::string_view) { return ++told < 5; })),
               Stopped);
  EXPECT_EQ(told, 5);
  ::close(listener);
}

TEST(Load, SaysWhatIsMissing) {
  const TemporaryFolder folder;
  const char* set = std::getenv("HYPNOS_DATA");
  const std::string before = set == nullptr ? "" : set;
  ::setenv("HYPNOS_DATA", folder.path().c_str(), 1);
  try {
    load("mnist", Split::test);
    ADD_FAILURE() << "there is no mnist in an empty folder";
  } catch (const MissingDataError& error) {
    EXPECT_EQ(error.name(), "mnist");
    EXPECT_STREQ(error.what(), "mnist is not on this machine");
  }
  ::setenv("HYPNOS_DATA", before.c_str(), 1);  // empty is as not set
}

TEST(Load, NamesTheKnownSets) {
  EXPECT_EQ(
      test::message_of<InputError>([] { load("fashion-minst", Split::test); }),
      "there is no data set, folder or file \"fashion-minst\"; named sets: fashion-mnist, mnist");
}

}  // namespace
}  // namespace hypnos
