#include "data/csv.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

std::string error_of(const std::string& content) {
  return test::message_of<FileError>([&] { parse_csv(content, "t.csv"); });
}

TEST(ParseCsv, ReadsFeaturesAndTheColumnOfClasses) {
  for (const std::string content :
       {"a,label,b\n1.5,0,-2\n3e1,1,.25\n",
        "\xEF\xBB\xBF"
        "a,Class,b\r\n1.5,0,-2\r\n\r\n+3e1,1,.25",
        "a;y;\"b;c\"\n 1.5 ; 0 ; -2\n30;1;0.25\n", "a\ttarget\tb\n1.5\t0\t-2\n30\t1.0\t0.25\n"}) {
    const CsvTable table = parse_csv(content, "t.csv");
    EXPECT_EQ(table.numbers, (std::vector<float>{1.5F, -2, 30, 0.25F})) << content;
    EXPECT_EQ(table.labels, (std::vector<double>{0, 1})) << content;
    EXPECT_EQ(table.features.size(), 2U) << content;
  }
}

TEST(ParseCsv, SaysLineAndColumn) {
  EXPECT_EQ(error_of("a,label\n1,0\nx,1\n"), "t.csv: line 3: column a: \"x\" is not a number");
  EXPECT_EQ(error_of("a,label\n1,0\n,1\n"), "t.csv: line 3: column a: \"\" is not a number");
  EXPECT_EQ(
      error_of("a,label\n1,cat\n"),
      "t.csv: line 2: column label: \"cat\" is not a number; classes are numbered 0, 1, 2, ... "
      "(in pandas: column.astype(\"category\").cat.codes)");
  EXPECT_EQ(error_of("a,label\nnan,0\n"), "t.csv: line 2: column a: \"nan\" is not a number");
  EXPECT_EQ(error_of("a,label\n1e39,0\n"),
            "t.csv: line 2: column a: 1e39 is too large for single precision");
  EXPECT_EQ(error_of("a,label\n1,0\n1\n"), "t.csv: line 3: has 1 fields, but the first line has 2");
  EXPECT_EQ(error_of("a,label\n1,0,2\n"), "t.csv: line 2: has 3 fields, but the first line has 2");
}

TEST(ParseCsv, RefusesHeadersThatLeaveAnythingOpen) {
  const auto says = [](const std::string& content, const char* what) {
    const std::string message = error_of(content);
    EXPECT_NE(message.find(what), std::string::npos) << message;
  };
  says("", "is empty");
  says("1,2\n3,4\n", "the first line must name the columns");
  says("a,b\n3,4\n", "one column must be called label or class or target or y");
  says("label,y,a\n3,4,5\n", "label, y might all be classes");
  says("a,a,label\n3,4,5\n", "two columns are called \"a\"");
  says(",a,label\n0,4,5\n", "a column has no name");
  says("a;b,label\n3,4,5\n", "columns must be separated");
  says("label\n3\n", "columns must be separated");
  says("a,label\n", "has no rows");
  says("\"a,label\n1,2\n", "quotation mark is not closed");
}

TEST(Load, ReadsTablesInFoldersAndAlone) {
  const test::TemporaryFolder folder;
  test::write_text(folder / "train.csv", "a,label\n0.5,0\n1.5,1\n");
  test::write_text(folder / "test.csv", "a,label\n2.5,1\n");
  EXPECT_EQ(images_of(load(folder.path().string(), Split::test)), std::vector<float>{2.5F});
  const std::string alone = (folder / "train.csv").string();
  EXPECT_EQ(load(alone, Split::train).labels, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(test::message_of<FileError>([&] { load(alone, Split::test); }),
            alone + ": has no test half");
}

}  // namespace
}  // namespace hypnos
