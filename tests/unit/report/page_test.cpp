#include "report/page.hpp"

#include <gtest/gtest.h>

namespace hypnos {
namespace {

TEST(Page, HasDataInItsPlaceThatEndNoElement) {
  const std::string page =
      page_with({{"name", "</script><!-- & \"the data\""}}, "<script>\"the data\"</script>");
  const std::string data = page.substr(8, page.size() - 17);
  EXPECT_EQ(page, "<script>" + data + "</script>");
  EXPECT_EQ(data.find_first_of("<>&"), std::string::npos);
  EXPECT_EQ(Json::parse(data)["name"], "</script><!-- & \"the data\"");
}

TEST(Page, OfTheProgramHasAPlaceForData) {
  // Without Node.js at build time there is none, and no script for figures either.
  EXPECT_EQ(has_report(), *figures_script != '\0');
  if (has_report()) {
    EXPECT_NE(page_with({{"kind", "study"}}).find(R"({"kind":"study"})"), std::string::npos);
  }
}

}  // namespace
}  // namespace hypnos
