#include "report/report_file.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::message_of;
using test::write_text;

Json study(const std::string& name) {
  return {{"name", name},
          {"answers", ""},
          {"plan", ""},
          {"planned", 1},
          {"done", 1},
          {"varying", Json::array()},
          {"constant", Json::array()},
          {"groups", Json::array()},
          {"verdicts", Json::array()}};
}

Json report() {
  return {{"kind", "study"},
          {"source", "results.sqlite"},
          {"program", "0.1.0"},
          {"command", "hypnos report"},
          {"studies", {study("a"), study("b")}}};
}

TEST(ReportFile, ComesBackAsItWas) {
  const test::TemporaryFolder folder;
  write_text(folder / "report.json", report_text(report()));
  EXPECT_EQ(read_report(folder / "report.json"), report());
  EXPECT_EQ(read_report(folder / "report.json", "b")["studies"], Json({study("b")}));
  EXPECT_NE(message_of<InputError>([&] {
              read_report(folder / "report.json", "c");
            }).find("there is no study \"c\" in"),
            std::string::npos);
}

TEST(ReportFile, IsToldFromOthers) {
  const test::TemporaryFolder folder;
  const auto refused = [&](const std::string& content) {
    write_text(folder / "report.json", content);
    return message_of<FileError>([&] { read_report(folder / "report.json"); });
  };
  EXPECT_NE(refused("{}").find("is neither a results database"), std::string::npos);
  EXPECT_NE(refused("<html>").find("is neither a results database"), std::string::npos);
  const std::string text = report_text(report());
  for (const std::size_t length : {text.size() / 2, text.size() - 1}) {
    EXPECT_NE(refused(text.substr(0, length)).find("is damaged: not whole JSON"),
              std::string::npos);
  }
  Json without = report();
  without["studies"][1].erase("done");
  EXPECT_NE(refused(report_text(without)).find("is damaged: studies[1].done: is missing"),
            std::string::npos);
  EXPECT_NE(message_of<FileError>([&] { read_report(folder / "nix"); }).find("no such file"),
            std::string::npos);
}

TEST(ReportFile, DatabasesAreKnownByTheirBeginning) {
  const test::TemporaryFolder folder;
  write_text(folder / "a", std::string_view("SQLite format 3\0 and so on", 26));
  write_text(folder / "b", "SQLite format 3 ");
  write_text(folder / "c", "");
  EXPECT_TRUE(is_database(folder / "a"));
  EXPECT_FALSE(is_database(folder / "b"));
  EXPECT_FALSE(is_database(folder / "c"));
  EXPECT_FALSE(is_database(folder / "d"));
}

}  // namespace
}  // namespace hypnos
