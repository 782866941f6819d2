#include "report/sequence_data.hpp"

#include <algorithm>
#include <string>

#include "base/json.hpp"
#include "report/rounded.hpp"
#include "results/sequence_numbers.hpp"

namespace hypnos {
namespace {

std::vector<const SequenceOutcome*> sequences_of(const TrialGroup& group) {
  std::vector<const SequenceOutcome*> sequences;
  for (const StoredTrial* trial : group.trials) {
    const auto& sequence = trial->outcome.sequence;
    if (sequence && !sequence->rows.empty()) sequences.push_back(&*sequence);
  }
  return sequences;
}

bool has_slept(const TrialGroup& group) {
  const auto sequences = sequences_of(group);
  return std::any_of(sequences.begin(), sequences.end(), [](const SequenceOutcome* sequence) {
    return std::any_of(sequence->rows.begin(), sequence->rows.end(),
                       [](const TaskAccuracies& row) { return !row.slept.empty(); });
  });
}

// Mean and deviation of the accuracy on each task, over the seeds that have one.
Json tasks_data(const std::vector<const SequenceOutcome*>& sequences, std::size_t row,
                std::vector<double> TaskAccuracies::* moment) {
  Json means = Json::array();
  Json deviations = Json::array();
  const std::size_t tasks = sequences.front()->rows[row].before.size();
  for (std::size_t task = 0; task < tasks; ++task) {
    std::vector<double> values;
    for (const SequenceOutcome* sequence : sequences) {
      const std::vector<double>& accuracies = sequence->rows[row].*moment;
      if (task < accuracies.size()) values.push_back(accuracies[task]);
    }
    const Summary summary = summarize(values);
    if (summary.n == 0) return {};
    means.push_back(rounded(summary.mean));
    deviations.push_back(rounded(summary.deviation));
  }
  return {{"mean", means}, {"deviation", deviations}};
}

Json rows_data(const std::vector<const SequenceOutcome*>& sequences) {
  std::size_t count = sequences.front()->rows.size();
  for (const SequenceOutcome* sequence : sequences) count = std::min(count, sequence->rows.size());
  Json rows = Json::array();
  for (std::size_t r = 0; r < count; ++r) {
    Json row = {{"learned", sequences.front()->rows[r].learned},
                {"before", tasks_data(sequences, r, &TaskAccuracies::before)}};
    Json after = tasks_data(sequences, r, &TaskAccuracies::slept);
    if (!after.is_null()) row["slept"] = std::move(after);
    rows.push_back(std::move(row));
  }
  return rows;
}

// Classes of each task; none where every seed has an order of its own.
Json classes_data(const TrialGroup& group, std::size_t tasks) {
  const StoredTrial& first = *group.trials.front();
  const Json& sequence = first.configuration["sequence"];
  if (sequence.value("order", "") == "random") return Json::array();
  if (sequence.contains("tasks") && sequence["tasks"].is_array()) return sequence["tasks"];
  // "pairs" and the like are the classes in their order, as many in each task.
  Json classes = Json::array();
  const Metrics* metrics = first.outcome.metrics_at(before_sleep);
  const std::size_t each = metrics == nullptr ? 0 : metrics->per_class.size() / tasks;
  for (std::size_t task = 0; task < tasks && each > 0; ++task) {
    Json& of_task = classes.emplace_back(Json::array());
    for (std::size_t c = 0; c < each; ++c) of_task.push_back(task * each + c);
  }
  return classes;
}

Json numbers_data(const TrialGroup& group) {
  Json numbers = Json::object();
  for (const SequenceNumber& number : sequence_numbers()) {
    std::string key = number.name;
    std::replace(key.begin(), key.end(), ' ', '_');
    const std::vector<double> values = values_of(group, number);
    numbers[key] = summary_data(summarize(values), mean_interval(values));
  }
  return numbers;
}

bool sees_all_at_once(const TrialGroup& group) {
  return group.choices.value("learner", "") == "joint";
}

bool learn_the_same(const TrialGroup& a, const TrialGroup& b) {
  const auto same = [&](const char* key) {
    return a.choices.value(key, Json()) == b.choices.value(key, Json());
  };
  if (!same("data") || !same("tasks")) return false;
  if (sees_all_at_once(a) || sees_all_at_once(b)) return true;
  return same("task_order") && same("task_samples") && same("task_fraction");
}

std::vector<double> differences(const TrialGroup& a, const TrialGroup& b) {
  std::vector<double> found;
  for (const StoredTrial* one : a.trials) {
    for (const StoredTrial* other : b.trials) {
      if (one->configuration.value("seed", Json()) != other->configuration.value("seed", Json())) {
        continue;
      }
      const auto first = final_accuracy(*one);
      const auto second = final_accuracy(*other);
      if (first && second) found.push_back(*first - *second);
    }
  }
  return found;
}

}  // namespace

Json sequence_data(const TrialGroup& group) {
  const auto sequences = sequences_of(group);
  if (!is_sequence(group) || sequences.empty()) return {};
  return {{"classes", classes_data(group, sequences.front()->rows.back().last().size())},
          {"stored", sequences.front()->stored},
          {"reads_old", sequences.front()->reads_old},
          {"numbers", numbers_data(group)},
          {"rows", rows_data(sequences)}};
}

Json sequence_gains_of(std::span<const TrialGroup> groups, const Progress& progress) {
  Json gains = Json::array();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (!is_sequence(groups[g]) || !has_slept(groups[g])) continue;
    for (std::size_t o = 0; o < groups.size(); ++o) {
      if (!is_sequence(groups[o]) || has_slept(groups[o]) ||
          !learn_the_same(groups[g], groups[o])) {
        continue;
      }
      const std::vector<double> found = differences(groups[g], groups[o]);
      if (found.empty()) continue;
      progress.tell(1);
      Json gain = summary_data(summarize(found), mean_interval(found));
      gain["group"] = g;
      gain["over"] = o;
      gains.push_back(std::move(gain));
    }
  }
  return gains;
}

}  // namespace hypnos
