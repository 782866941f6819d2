#include "hypnos/plan.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/json.hpp"
#include "hypnos/error.hpp"
#include "plan/trial_training.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

const std::string good =
    "answers = 'Figure 1'\n"
    "data = 'fashion-mnist'\n"
    "fraction = [0.005, 0.01]\n"
    "epochs = [10, 20]\n"
    "sleep = 'authors-{data}-{percent}pct'\n"
    "seeds = 3\n";

const std::string first_id = "732866b70a8e632eb1e133d7da10ae591c34f3c2da91921ede0fb7da5629893d";

// Any name but "nix" is a preset.
SleepParameters preset(const std::string& name) {
  if (name == "nix") throw InputError("there is no preset \"nix\"");
  return parse_sleep_parameters(
      "source = '" + name + "'\nsteps = 10\nthreshold = [1, 2, 3]\nalpha_scale = 1", name);
}

class PlanTest : public testing::Test {
 protected:
  Plan read(const std::string& text, const std::vector<std::string>& settings = {}) {
    test::write_text(folder_ / "plan.toml", text);
    return read_plan(folder_ / "plan.toml", settings, preset, data_);
  }
  std::string error(const std::string& text, const std::vector<std::string>& settings = {}) {
    const std::string message = test::message_of<FileError>([&] { read(text, settings); });
    const std::string path = (folder_ / "plan.toml").string() + ": ";
    EXPECT_TRUE(message.starts_with(path)) << message;
    return message.substr(path.size());
  }

  test::TemporaryFolder folder_;
  DataSets data_;
};

TEST_F(PlanTest, ListsCrossMultiplyAndSeedsChangeFastest) {
  const Plan plan = read(good);
  EXPECT_EQ(plan.name, "plan");
  EXPECT_EQ(plan.answers, "Figure 1");
  ASSERT_EQ(plan.trials.size(), 12U);
  EXPECT_EQ(plan.trials[0].seed, 1U);
  EXPECT_EQ(plan.trials[2].seed, 3U);
  EXPECT_EQ(plan.trials[2].subset.seed, 3U);
  EXPECT_EQ(plan.trials[0].subset.fraction, 0.005);
  EXPECT_EQ(plan.trials[0].training.epochs, 10U);
  EXPECT_EQ(plan.trials[3].training.epochs, 20U);
  EXPECT_EQ(plan.trials[3].subset.fraction, 0.005);
  EXPECT_EQ(plan.trials[11].subset.fraction, 0.01);
}

TEST_F(PlanTest, FillsInTheNamesOfTheSleepParameters) {
  const Plan plan = read(good);
  EXPECT_EQ(plan.trials.front().sleep, "authors-fashion-mnist-0.5pct");
  EXPECT_EQ(plan.trials.back().sleep, "authors-fashion-mnist-1pct");
  EXPECT_EQ(plan.trials.back().parameters.source, "authors-fashion-mnist-1pct");
  EXPECT_EQ(error("answers = 'x'\ndata = 'mnist'\nper_class = 5\nsleep = 'a-{percent}'"),
            "sleep: {percent} needs a fraction");
}

TEST_F(PlanTest, VariantsReplaceKeys) {
  const Plan plan = read(good +
                         "[[variant]]\n[[variant]]\nper_class = 5\nepochs = 1\nseeds = [7]\n"
                         "keep = [{}, { 3 = 0.5 }]\nsleep = 'other'\nhidden = [8, 4]\n");
  ASSERT_EQ(plan.trials.size(), 14U);
  const Trial& last = plan.trials.back();
  EXPECT_EQ(last.seed, 7U);
  EXPECT_EQ(last.subset.per_class, 5U);
  EXPECT_FALSE(last.subset.fraction) << "the variant says how much in another way";
  EXPECT_EQ(last.subset.keep.at(3), 0.5);
  EXPECT_EQ(last.hidden, (std::vector<std::size_t>{8, 4}));
  EXPECT_TRUE(plan.trials[12].subset.keep.empty());
}

TEST_F(PlanTest, EachTrialIsThereOnce) {
  EXPECT_EQ(read(good + "[[variant]]\n[[variant]]\nepochs = 10\n").trials.size(), 12U);
  EXPECT_EQ(read(good + "[[variant]]\n[[variant]]\nseeds = 5\n").trials.size(), 20U);
}

TEST_F(PlanTest, SettingsReplaceKeysInAllVariants) {
  const std::string text = good + "[[variant]]\n[[variant]]\nepochs = 5\nseeds = 9\n";
  const Plan plan = read(text, {"seeds=1", "fraction=[0.02]", "protocol=modern"});
  ASSERT_EQ(plan.trials.size(), 3U);
  EXPECT_EQ(plan.trials[2].training.epochs, 5U);
  EXPECT_EQ(plan.trials[2].training.output, OutputKind::softmax);
  EXPECT_EQ(plan.trials[2].subset.fraction, 0.02);
  EXPECT_EQ(read(text, {"sleep_parameters.steps=[5, 6]", "seeds=1"}).trials.size(), 12U);
}

TEST_F(PlanTest, SleepParametersAreListsToo) {
  const Plan plan = read(good + "[sleep_parameters]\nsteps = [5, 6]\nthreshold = [1, 1, 2]\n",
                         {"epochs=1", "fraction=0.01", "seeds=1", "sleep_parameters.rule=hebbian"});
  ASSERT_EQ(plan.trials.size(), 2U);
  EXPECT_EQ(plan.trials[1].parameters.steps, 6U);
  EXPECT_EQ(std::get<Thresholds>(plan.trials[1].parameters.firing).values,
            (std::vector<double>{1, 1, 2}));
  EXPECT_EQ(plan.trials[1].parameters.rule, Rule::hebbian);
  EXPECT_EQ(plan.trials[1].choices["steps"], 6);
}

TEST_F(PlanTest, SleepsCutATrainingByUpdates) {
  const std::string plan =
      "answers = 'x'\ndata = 'mnist'\nfraction = 0.01\nsleep = 'any'\nupdates = 1200\n"
      "sleep_after = [[300], [100, 400]]\n";
  const auto trials = read(plan, {"finetune_learning_rate=0.1"}).trials;
  ASSERT_EQ(trials.size(), 2U);
  const Trial& once = trials[0];
  EXPECT_EQ(once.training.updates, 300U);
  EXPECT_EQ(once.training.schedule, Schedule::constant);
  EXPECT_EQ(once.training.learning_rate, 0.01);
  ASSERT_EQ(once.further.size(), 1U);
  EXPECT_EQ(once.further[0].updates, 900U);
  EXPECT_EQ(once.further[0].schedule, Schedule::cosine);
  EXPECT_EQ(once.further[0].learning_rate, 0.1);
  EXPECT_EQ(once.choices["updates"], 1200);
  EXPECT_EQ(once.choices["sleep_after"], Json({300}));
  EXPECT_FALSE(once.choices.contains("finetune_epochs"));
  const Trial& twice = trials[1];
  ASSERT_EQ(twice.further.size(), 2U);
  EXPECT_EQ(twice.further[0].updates, 300U);
  EXPECT_EQ(twice.further[0].schedule, Schedule::constant);
  EXPECT_EQ(twice.further[0].learning_rate, 0.01);
  EXPECT_EQ(twice.further[1].updates, 800U);
  // One value is one list.
  EXPECT_EQ(read(plan, {"sleep_after=[100, 400]"}).trials.size(), 1U);

  EXPECT_EQ(error(plan, {"sleep_after=[1200]"}),
            "sleep_after: 1200 is not from 1 to 1199: the training has 1200 updates");
  EXPECT_EQ(error(plan, {"sleep_after=[300, 300]"}),
            "sleep_after: 300 is not above 300, the sleep before it");
  EXPECT_NE(error(plan, {"sleep_after=300"}).find("sleep_after: must be a list"),
            std::string::npos);
  EXPECT_NE(error(plan, {"schedule=cosine"}).find("cannot be combined with schedule"),
            std::string::npos);
  EXPECT_NE(error(plan, {"finetune_epochs=3"}).find("cannot be combined with finetune_epochs"),
            std::string::npos);
  EXPECT_EQ(error(plan, {"stages=['sleep']"}),
            "sleep_after: needs the stage finetune or control: training goes on after the sleep");
  EXPECT_EQ(error("answers = 'x'\ndata = 'mnist'\nsleep = 'any'\nsleep_after = [3]\n"),
            "sleep_after: needs a training by updates, not by epochs");
}

TEST_F(PlanTest, TheIdIsThatOfTheResultsAndNotOfTheWords) {
  const Plan plan = read(good);
  EXPECT_EQ(id_of(plan.trials[0]), id_of(read(good).trials[0]));
  EXPECT_EQ(id_of(plan.trials[0]), id_of(read(good, {"finetune_epochs=20"}).trials[0]));
  EXPECT_NE(id_of(plan.trials[0]), id_of(read(good, {"finetune_epochs=21"}).trials[0]));
  EXPECT_NE(id_of(plan.trials[0]), id_of(plan.trials[1]));
  const Trial by_updates = read(good, {"finetune_updates=300"}).trials[0];
  EXPECT_EQ(by_updates.further.back().updates, 300U);
  EXPECT_EQ(by_updates.choices["finetune_updates"], 300);
  EXPECT_FALSE(by_updates.choices.contains("finetune_epochs"));
  EXPECT_EQ(error(good, {"finetune_updates=300", "finetune_epochs=2"}),
            "finetune_updates: cannot be combined with finetune_epochs");
  EXPECT_EQ(error(good, {"finetune_updates=0"}),
            "finetune_updates: must be a whole number, 1 or more, or a list of such");
  EXPECT_EQ(error(good, {"updates=300"}),
            "updates: goes without epochs: each says when training ends");
  const Trial other = read(good, {"finetune_epochs=21", "sleep_parameters.steps=7"}).trials[0];
  EXPECT_EQ(network_id_of(plan.trials[0]), network_id_of(other)) << "it trains the same network";
  EXPECT_NE(network_id_of(plan.trials[0]), network_id_of(plan.trials[1]));
}

TEST_F(PlanTest, ItsTextReadsBackTheSame) {
  const std::string text = good +
                           "[sleep_parameters]\nsteps = 5\n[[variant]]\nepochs = 7\n"
                           "[variant.sleep_parameters]\nsteps = 6\n";
  EXPECT_EQ(read(text).text, text) << "as it was written";
  const Plan plan = read(text, {"seeds=2"});
  const Plan again = read(plan.text);
  ASSERT_EQ(again.trials.size(), plan.trials.size());
  for (std::size_t t = 0; t < plan.trials.size(); ++t) {
    EXPECT_EQ(id_of(again.trials[t]), id_of(plan.trials[t]));
  }
}

TEST_F(PlanTest, ErrorsNameFileAndKey) {
  EXPECT_TRUE(error(good + "fractoin = 1").starts_with("fractoin: is not a key of a plan; keys: "));
  EXPECT_EQ(error("data = 'mnist'\n"),
            "answers: is missing: the sentence or figure that the study "
            "is about");
  EXPECT_EQ(error("answers = 'x'\nsleep = 'y'\n"), "data: is missing");
  EXPECT_EQ(error("answers = 'x'\ndata = 'mnist'\n"), "sleep: is missing");
  EXPECT_EQ(error(good, {"fraction=2"}),
            "fraction: must be a number above 0, up to 1, or a list "
            "of such");
  EXPECT_EQ(error(good, {"fraction=[]"}),
            "fraction: must be a number above 0, up to 1, or a list "
            "of such");
  EXPECT_EQ(error(good, {"epochs=[1, 1.5]"}),
            "epochs: must be a whole number from 0 to 1000000000, or a "
            "list of such");
  for (const char* many : {"seeds=1000000", "seeds=30000"}) {
    EXPECT_EQ(error(good, {many}),
              "stands for more than 100000 trials; take fewer seeds or values, or several plans");
  }
  EXPECT_EQ(error(good, {"seeds=0"}),
            "seeds: must be a number of seeds, or a list of whole "
            "numbers");
  EXPECT_EQ(error(good, {"sleep=nix"}), "sleep: there is no preset \"nix\"");
  EXPECT_EQ(error(good, {"hidden=[5]"}),
            "sleep: threshold: has 3 values for a network of 2 "
            "layers; give one per layer");
  EXPECT_EQ(error(good + "per_class = 3"), "fraction: cannot be combined with per_class");
  EXPECT_TRUE(
      error(good, {"data=minst"}).starts_with("data: there is no data set, folder or file"));
  EXPECT_TRUE(error(good, {"stages=['wake']"}).starts_with("stages: must be a list of"));
  EXPECT_TRUE(error("answers 3").starts_with("line 1: "));
  EXPECT_EQ(error("[{0.1steps =source = 'x'\n"), "is not TOML");
  EXPECT_EQ(error(good, {"seeds"}), "\"seeds\" is not of the form key=value");
}

TEST_F(PlanTest, ThoseOfTheProjectAreGood) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(STUDIES_DIR)) {
    if (entry.path().extension() != ".toml") continue;
    const Plan plan = read_plan(entry.path(), {}, preset, data_);
    EXPECT_FALSE(plan.trials.empty()) << entry.path();
    ++count;
  }
  EXPECT_GE(count, 5U);
}

TEST_F(PlanTest, TheSearchedSequenceHasOneSleep) {
  // As the documents' example of hypnos tune --tasks needs it.
  for (const std::string data : {"mnist", "fashion-mnist"}) {
    const Plan plan = read_plan(std::filesystem::path(STUDIES_DIR) / "tasks-search.toml",
                                std::vector<std::string>{"data=" + data}, preset, data_);
    ASSERT_EQ(plan.trials.size(), 1U);
    ASSERT_TRUE(plan.trials[0].sequence.has_value());
    EXPECT_TRUE(sleeps(plan.trials[0].sequence->learner));
  }
}

TEST_F(PlanTest, NewKeysLeaveOldTrialsAsTheyWere) {
  // As the first version of Hypnos knew this trial.
  const Plan plan = read(
      "answers = 'x'\ndata = 'mnist'\nfraction = 0.01\nepochs = 10\nfinetune_epochs = 10\n"
      "sleep = 'authors-{data}-{percent}pct'\n");
  EXPECT_EQ(id_of(plan.trials[0]), first_id);
  const std::string more = text_of(to_json(plan.trials[0]));
  for (const char* key :
       {"weight_decay", "class_balance", "schedule", "augment", "pretrain", "method", "name"}) {
    EXPECT_EQ(more.find(key), std::string::npos) << key;
  }
  const std::string network = network_id_of(plan.trials[0]);
  for (const char* setting :
       {"weight_decay=0.1", "class_balance=weights", "class_balance=oversampling",
        "schedule=cosine", "augment_shift=1", "augment_rotation=5", "pretrain=fashion-mnist"}) {
    const Trial other = read(good, {setting, "fraction=0.01", "epochs=10", "seeds=1"}).trials[0];
    const Trial same = read(good, {"fraction=0.01", "epochs=10", "seeds=1"}).trials[0];
    EXPECT_NE(id_of(other), id_of(same)) << setting;
    EXPECT_NE(network_id_of(other), network_id_of(same)) << setting;
  }
  EXPECT_EQ(network.size(), 64U);
}

TEST_F(PlanTest, NamesAreOfNoConsequence) {
  const Plan named = read(good + "name = 'plain'\n");
  EXPECT_EQ(named.trials[0].name, "plain");
  EXPECT_EQ(id_of(named.trials[0]), id_of(read(good).trials[0]));
  EXPECT_EQ(to_json(named.trials[0]), to_json(read(good).trials[0]));
  EXPECT_EQ(error(good + "name = 3\n"), "name: must be a text");
}

TEST_F(PlanTest, PretrainingIsATrialOfItsOwn) {
  const Trial trial =
      read(good, {"pretrain=mnist", "pretrain_fraction=0.5", "epochs=7", "seeds=[4]"}).trials[0];
  EXPECT_EQ(trial.choices["pretrain_epochs"], 7) << "as training";
  const Trial first = pretraining_trial(trial);
  EXPECT_EQ(first.data, "mnist");
  EXPECT_EQ(first.subset, (Subset{.fraction = 0.5, .seed = 4}));
  EXPECT_FALSE(first.pretraining);
  EXPECT_NE(network_id_of(first), network_id_of(trial));
  EXPECT_TRUE(error(good, {"pretrain=minst"}).starts_with("pretrain: there is no data set"));
  const std::string by_updates =
      "answers = 'x'\ndata = 'fashion-mnist'\nsleep = 'a'\nupdates = 300\npretrain = 'mnist'\n";
  EXPECT_EQ(error(by_updates), "pretrain_epochs: is missing: the training is not by epochs");
}

TEST_F(PlanTest, ClosedFormsKnowNothingOfTraining) {
  const auto ids = [&](const std::vector<std::string>& settings) {
    std::vector<std::string> all = {"fraction=0.01", "seeds=1", "epochs=10"};
    all.insert(all.end(), settings.begin(), settings.end());
    std::vector<std::string> found;
    for (const Trial& trial : read(good, all).trials) found.push_back(id_of(trial));
    return found;
  };
  const auto kernel = ids({"method=neural-tangent-kernel"});
  EXPECT_EQ(kernel, ids({"method=neural-tangent-kernel", "protocol=modern", "dropout=0.5"}));
  EXPECT_NE(kernel, ids({"method=neural-tangent-kernel", "hidden=[9]"}));
  EXPECT_EQ(kernel, ids({"method=neural-tangent-kernel", "hidden=[9, 9]"})) << "of any width";
  EXPECT_EQ(ids({"method=nearest-neighbor"}), ids({"method=nearest-neighbor", "hidden=[9]"}));
  EXPECT_EQ(ids({"method=['network', 'neural-tangent-kernel', 'nearest-neighbor']"}).size(), 3U);
  EXPECT_TRUE(error(good, {"method=tree"}).starts_with("method: must be \"network\""));
  EXPECT_TRUE(error(good, {"class_balance=some"}).starts_with("class_balance: must be"));
}

TEST_F(PlanTest, StagesCanBeLeftOut) {
  const Plan plan = read("answers = 'x'\ndata = 'mnist'\nstages = ['control']\n");
  ASSERT_EQ(plan.trials.size(), 1U);
  EXPECT_FALSE(plan.trials[0].stages.sleep);
  EXPECT_TRUE(plan.trials[0].stages.control);
}

TEST_F(PlanTest, WakingWithoutSleepIsARowOfItsOwn) {
  const Plan awake = read(good, {"stages=['wake', 'finetune', 'control']"});
  EXPECT_EQ(awake.trials[0].choices["sleep"], "none");
  EXPECT_NE(awake.trials[0].choices, read(good, {"stages=['control']"}).trials[0].choices);
  const Plan same = read(good + "[sleep_parameters]\nsteps = [7, 8]\n",
                         {"stages=['wake', 'finetune', 'control']"});
  EXPECT_EQ(same.trials.size(), awake.trials.size()) << "parameters of a sleep that is not slept";
  EXPECT_EQ(same.trials[0].choices, awake.trials[0].choices);
  EXPECT_TRUE(error(good, {"stages=['finetune']"}).starts_with("stages: must be a list of"));
}

const std::string sequence =
    "answers = 'x'\ndata = 'mnist'\ntasks = 'pairs'\ntask_samples = 5000\nepochs = 2\n"
    "sleep = 'tadros2022-{data}-tasks'\nsleep_growth = 0.25\nwake = [false, true]\n"
    "memory = [0, 200]\ncalibration = ['all', 'running']\n"
    "against = ['sequential', 'joint', 'lda', 'icarl', 'waking']\nseeds = 2\n";

TEST_F(PlanTest, TasksInSequenceAreLearnedByEachLearner) {
  std::map<std::string, int> count;
  for (const Trial& trial : read(sequence).trials) {
    ASSERT_TRUE(trial.sequence);
    ++count[trial.choices.at("learner")];
    EXPECT_EQ(trial.choices.at("tasks"), "pairs");
    if (!sleeps(trial.sequence->learner)) continue;
    EXPECT_EQ(trial.sleep, "tadros2022-mnist-tasks");
    EXPECT_EQ(trial.parameters.growth, 0.25);
    EXPECT_EQ(trial.choices.at("sleep_growth"), 0.25);
  }
  // Two seeds; what a learner does not look at makes no trial of its own.
  EXPECT_EQ(count["sleep"], 2 * 2 * 2 * 2);
  EXPECT_EQ(count["sequential"], 2 * 2) << "with stored images and without";
  EXPECT_EQ(count["waking"], 2 * 2);
  EXPECT_EQ(count["joint"], 2);
  EXPECT_EQ(count["lda"], 2);
  EXPECT_EQ(count["icarl"], 2) << "only where there is memory";
}

TEST_F(PlanTest, IdsOfSequencesKnowWhatMatters) {
  const auto id = [&](const std::vector<std::string>& settings) {
    return id_of(read(sequence, settings).trials[0]);
  };
  const std::string plain = id({});
  EXPECT_EQ(plain, id({"against=[]", "exemplars=random", "ewc_strength=7"}));
  for (const char* setting :
       {"task_samples=500", "task_order=random", "sleep_growth=0.5", "sleep_when=end",
        "calibration=current", "wake=true", "memory=10", "carry_momentum=false",
        "later_learning_rate=0.01", "tasks=halves", "epochs=3", "hidden=[9, 9]"}) {
    EXPECT_NE(plain, id({setting})) << setting;
  }
}

TEST_F(PlanTest, SequencesSayWhatIsWrong) {
  const auto wrong = [&](const std::vector<std::string>& settings) {
    return error(sequence, settings);
  };
  EXPECT_EQ(wrong({"fraction=0.5"}),
            "fraction: does not go with tasks in sequence; task_fraction does");
  EXPECT_EQ(wrong({"sleep_after=[300]"}),
            "sleep_after: does not go with tasks in sequence; sleep_when does");
  EXPECT_EQ(wrong({"task_fraction=0.5"}), "task_samples: cannot be combined with task_fraction");
  EXPECT_EQ(wrong({"replay=released", "memory=200"}),
            "memory: means nothing to the replay \"released\", which draws replay_fraction of all "
            "images of earlier tasks");
  EXPECT_EQ(wrong({"replay_fraction=0.1"}), "replay_fraction: goes with the replay \"released\"");
  EXPECT_EQ(wrong({"normalize=standardize"}),
            "normalize: \"standardize\" takes the images of all tasks, those to come too; give the "
            "means and deviations");
  EXPECT_NE(wrong({"tasks=thirds"}).find("tasks: must be"), std::string::npos);
  EXPECT_NE(wrong({"tasks=[[0,1],[1,2]]"}).find("tasks: names the class 1 twice"),
            std::string::npos);
  EXPECT_EQ(error("answers = 'x'\ndata = 'mnist'\nmemory = 200\n"),
            "memory: goes with the key tasks, which is missing");
  EXPECT_EQ(error("answers = 'x'\ndata = 'mnist'\ntasks = 'pairs'\n"),
            "sleep: is missing, and so is against");
}

}  // namespace
}  // namespace hypnos
