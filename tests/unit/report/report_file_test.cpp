#include "report/report_file.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "hypnos/error.hpp"
#include "report/script.hpp"
#include "report/study_data.hpp"
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

// Takes away or replaces something somewhere in the value.
void damage(Json& value, std::mt19937& noise) {
  const auto member = std::next(value.begin(), static_cast<std::ptrdiff_t>(noise() % value.size()));
  if (member->is_structured() && !member->empty() && noise() % 10 != 0) {
    damage(*member, noise);
  } else if (noise() % 2 == 0) {
    value.erase(member);
  } else {
    const std::array<Json, 5> others = {nullptr, Json::array(), Json::object(), "text", 7};
    *member = others.at(noise() % others.size());
  }
}

TEST(ReportFile, DamagedIsRefusedOrOfUse) {
  const test::TemporaryFolder folder;
  StoredTrial trial;
  trial.id = "an id";
  trial.configuration = {{"choices", {{"data", "toy"}}},
                         {"seed", 1},
                         {"data", "toy"},
                         {"subset", {{"fraction", 0.5}, {"keep", {{"1", 0.5}}}}},
                         {"pretraining", {{"data", "a"}, {"epochs", 2}}},
                         {"stages", {"sleep", "finetune"}},
                         {"parameters", "steps = 1"},
                         {"finetuning", {{"epochs", 3}}}};
  trial.outcome.measurements = {
      {before_sleep, measure(std::vector{0U, 1U}, std::vector{0U, 0U}, 2)}};
  Json whole = report();
  whole["studies"] = {study_data({.name = "toy", .answers = {}, .plan = {}}, {{trial}})};
  std::mt19937 noise(1);
  std::size_t refused = 0;
  for (int i = 0; i < 400; ++i) {
    Json damaged = whole;
    damage(damaged, noise);
    write_text(folder / "report.json", report_text(damaged));
    try {
      Json read = read_report(folder / "report.json");
      add_scripts(read);
    } catch (const FileError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 100U);
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
