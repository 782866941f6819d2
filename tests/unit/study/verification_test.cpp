#include "hypnos/verification.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/json.hpp"
#include "hypnos/error.hpp"
#include "hypnos/exports.hpp"
#include "hypnos/numbers.hpp"
#include "unit/study/small_study.hpp"

namespace hypnos {
namespace {

class VerificationTest : public test::SmallStudy {
 protected:
  // Networks, sequences and closed forms, with whatever can be measured.
  void run_all() {
    run(plan({"distort='blur=2,fgsm=0.1'", "seeds=2"}), "r", 2);
    run(plan_with("sleep_after = [2, 4]\nupdates = 6\n", {"per_class=5", "seeds=1"}), "r", 2);
    run(plan({"stages=[]", "per_class=5", "output='relu'", "dropout=0.5", "seeds=1"}), "r", 2);
    run(plan({"method='nearest-neighbor'"}), "r", 2);
    run(sequences({"seeds=1"}), "r", 2);
  }

  Json exported(Extent extent) {
    const Database database(folder_ / "r", Database::Access::read);
    return results_json(database.studies(), database.trials(), extent);
  }

  ClaimedResults claims_of(const Json& json) {
    test::write_text(folder_ / "r.json", text_of(json));
    return read_claims(folder_ / "r.json");
  }

  std::vector<VerifiedTrial> verify_all(const ClaimedResults& results) {
    return verify(results, choose(results, {.trials = std::nullopt}, data_), data_, {},
                  {.threads = 2});
  }
};

TEST_F(VerificationTest, WhatWasFoundIsFoundAgain) {
  run_all();
  const ClaimedResults of_database = read_claims(folder_ / "r");
  EXPECT_GT(of_database.trials.size(), 15U);
  EXPECT_EQ(of_database.trials[0].numbers, numbers_version());
  for (const ClaimedResults& results :
       {of_database, claims_of(exported(Extent::all)), claims_of(exported(Extent::brief))}) {
    ASSERT_EQ(results.trials.size(), of_database.trials.size());
    EXPECT_EQ(results.changes.size(), static_cast<std::size_t>(numbers_version()));
    for (const VerifiedTrial& verified : verify_all(results)) {
      const ClaimedTrial& claim = results.trials[verified.place];
      EXPECT_TRUE(verified.differences.empty())
          << text_of(claim.found["configuration"]) << verified.differences[0].where;
    }
  }
}

TEST_F(VerificationTest, EachMomentOfANetworkHasItsSha256) {
  run_all();
  const Json all = exported(Extent::brief);
  for (const Json& trial : all["trials"]) {
    const bool closed = trial["configuration"].contains("method") ||
                        text_of(trial).find("nearest-class-mean") != std::string::npos;
    std::set<std::string> networks;
    for (const auto& [moment, at] : trial["measurements"].items()) {
      EXPECT_EQ(at.contains("network_sha256"), !closed) << text_of(trial);
      if (!closed) networks.insert(at["network_sha256"].get<std::string>());
    }
    EXPECT_EQ(networks.size(), closed ? 0 : trial["measurements"].size()) << "each is another";
  }
}

// Each number of a result, one after the other.
TEST_F(VerificationTest, AnyOtherNumberIsFound) {
  run(plan({"distort='blur=2'", "seeds=1", "per_class=5"}), "r", 1);
  const Json found = exported(Extent::all)["trials"][0];
  std::size_t changed = 0;
  const Json flat = found.flatten();
  for (const auto& [place, value] : flat.items()) {
    const bool says_nothing =
        place.starts_with("/configuration") || place.starts_with("/seconds") || place == "/numbers";
    if (!value.is_number() || says_nothing) continue;
    Json other = found;
    Json& number = other[Json::json_pointer(place)];
    number = value.is_number_float() ? Json(std::nextafter(value.get<double>(), 1e300))
                                     : Json(value.get<std::uint64_t>() + 1);
    const auto where = differences(other, found);
    EXPECT_EQ(where.size(), 1U) << place;
    ++changed;
  }
  EXPECT_GT(changed, 500U);
}

TEST(Differences, NothingMayBeLeftOutThatNamesAnOutcome) {
  const Json found = {{"samples", 3},
                      {"measurements", {{"before", {{"accuracy", 0.5}, {"per_class", {1}}}}}}};
  Json claimed = found;
  claimed["measurements"]["before"].erase("per_class");
  EXPECT_TRUE(differences(claimed, found).empty()) << "brief results leave it out";
  claimed["measurements"]["before"].erase("accuracy");
  ASSERT_EQ(differences(claimed, found).size(), 1U);
  EXPECT_EQ(differences(claimed, found)[0].where, "measurements.before.accuracy");
  EXPECT_TRUE(differences(claimed, found)[0].claimed.is_null());
  claimed.erase("measurements");
  EXPECT_EQ(differences(claimed, found)[0].where, "measurements");
  EXPECT_EQ(differences(found, claimed)[0].where, "measurements") << "and nothing added";
}

TEST(Differences, OlderResultsMayLeaveOutWhatWasNotMeasuredThen) {
  const Json found = {{"measurements", {{"before", {{"accuracy", 0.5}, {"network_sha256", "a"}}}}}};
  Json claimed = found;
  claimed["measurements"]["before"].erase("network_sha256");
  EXPECT_TRUE(differences(claimed, found).empty());
  claimed["numbers"] = 0;
  EXPECT_TRUE(differences(claimed, found).empty());
  claimed["numbers"] = 1;
  ASSERT_EQ(differences(claimed, found).size(), 1U);
  EXPECT_EQ(differences(claimed, found)[0].where, "measurements.before.network_sha256");
}

TEST_F(VerificationTest, ResultsThatDoNotFitTheirIdAreRefused) {
  run(plan({"seeds=1", "per_class=5"}), "r", 1);
  Json json = exported(Extent::brief);
  json["trials"][0]["configuration"]["seed"] = 2;
  EXPECT_NE(test::message_of<FileError>([&] {
              claims_of(json);
            }).find("its configuration and its id do not belong together"),
            std::string::npos);
  json["trials"][0]["configuration"].erase("training");
  EXPECT_THROW(claims_of(json), FileError);
  EXPECT_THROW(claims_of(Json::array()), FileError);
  for (const char* version : {"-1", "1e300", "\"1\""}) {
    Json wrong = exported(Extent::brief);
    wrong["trials"][0]["numbers"] = Json::parse(version);
    EXPECT_THROW(claims_of(wrong), FileError) << version;
  }
  json["hypnos_results"] = 2;
  EXPECT_NE(test::message_of<FileError>([&] { claims_of(json); }).find("newer Hypnos"),
            std::string::npos);
}

TEST_F(VerificationTest, WordsThatSaySomethingElseAreRefused) {
  run(plan({"seeds=1", "per_class=5"}), "r", 1);
  Json json = exported(Extent::brief);
  json["trials"][0]["configuration"]["choices"]["per_class"] = 500;
  EXPECT_NE(test::message_of<FileError>([&] {
              claims_of(json);
            }).find("its choices do not stand for its configuration"),
            std::string::npos);
}

TEST_F(VerificationTest, ATrialThatIsThereTwiceIsRefused) {
  run(plan({"seeds=1", "per_class=5"}), "r", 1);
  Json json = exported(Extent::brief);
  json["trials"].push_back(json["trials"][0]);
  EXPECT_NE(test::message_of<FileError>([&] { claims_of(json); }).find("is there twice"),
            std::string::npos);
}

TEST_F(VerificationTest, WhatCannotBeRunHereSaysSoAndTheOthersAreRun) {
  run(plan({"seeds=1", "per_class=5"}), "r", 1);
  std::filesystem::copy(folder_ / "data", folder_ / "other");
  run(plan({"seeds=1", "per_class=5", "data='other'"}), "r", 1);
  run(plan({"seeds=2", "per_class=5"}), "r", 1);
  const ClaimedResults results = read_claims(folder_ / "r");
  ASSERT_EQ(results.trials.size(), 3U);
  const auto refused = [&] {
    std::size_t count = 0;
    DataSets data;
    for (const VerifiedTrial& verified :
         verify(results, choose(results, {.trials = 3, .cheapest = true}, data), data)) {
      EXPECT_TRUE(verified.differences.empty());
      const bool is_other =
          results.trials[verified.place].trial.data.find("other") != std::string::npos;
      EXPECT_EQ(verified.refusal.empty(), !is_other) << verified.refusal;
      EXPECT_EQ(verified.is_equal(), !is_other);
      count += is_other ? 1U : 0U;
    }
    return count;
  };
  // Another pixel in images of which a trial may see none.
  std::string images = test::read_text(folder_ / "other/test-images.npy");
  images.back() ^= 1;
  test::write_text(folder_ / "other/test-images.npy", images);
  EXPECT_EQ(refused(), 1U);
  std::filesystem::remove_all(folder_ / "other");
  EXPECT_EQ(refused(), 1U);
}

TEST_F(VerificationTest, TrialsAreDrawnBySeedOrByTheirWork) {
  run(plan(), "r", 2);
  const ClaimedResults results = read_claims(folder_ / "r");
  ASSERT_EQ(results.trials.size(), 6U);
  const auto drawn = [&](std::uint64_t seed) {
    return choose(results, {.trials = 3, .seed = seed}, data_);
  };
  EXPECT_EQ(drawn(1).size(), 3U);
  EXPECT_EQ(drawn(1), drawn(1));
  std::set<std::vector<std::size_t>> all;
  for (std::uint64_t seed = 0; seed < 20; ++seed) all.insert(drawn(seed));
  EXPECT_GT(all.size(), 5U);
  for (const std::size_t place : choose(results, {.trials = 3, .cheapest = true}, data_)) {
    EXPECT_EQ(results.trials[place].trial.subset.per_class, 5U);
  }
  EXPECT_EQ(choose(results, {.trials = 100}, data_).size(), 6U);
}

TEST_F(VerificationTest, CanBeStopped) {
  run(plan(), "r", 2);
  const ClaimedResults results = read_claims(folder_ / "r");
  EXPECT_THROW(verify(results, {0, 1, 2}, data_, {},
                      {.threads = 2, .progress = Progress([](double part, std::string_view) {
                                       return part < 0.3;
                                     })}),
               Stopped);
}

}  // namespace
}  // namespace hypnos
