#include "cli/judging_choice.hpp"

#include "cli/whole_number.hpp"
#include "hypnos/error.hpp"
#include "hypnos/judges.hpp"
#include "hypnos/sleep_schedule.hpp"
#include "terminal/console.hpp"

namespace hypnos::cli {

std::vector<std::string> add_judging_options(CLI::App& verb, JudgingChoice& choice) {
  verb.add_option("--objective", choice.objective,
                  "by what a network is judged: " + list_names<Measure>() +
                      " (errors count negatively, after waking); recall:3,5 is of these classes, "
                      "and 0.5*accuracy+0.5*worst-class a weighted sum")
      ->capture_default_str();
  verb.add_option("--distort", choice.distort,
                  "judge by the mean over these distortions of the samples, as hypnos eval has "
                  "them: clean,gaussian-noise=0.4,blur=2.5; 3*clean counts three times")
      ->type_name("LIST");
  verb.add_option("--moment", choice.moment,
                  "when a network is judged. slept: right after sleep; awake: after waking; tuned: "
                  "after waking and training on, beside the same without sleep")
      ->check(CLI::IsMember({"slept", "awake", "tuned"}))
      ->capture_default_str();
  auto* updates = verb.add_option("--moment-updates", choice.moment_updates,
                                  "with --moment tuned: how long networks are trained on, by a "
                                  "learning rate that falls to 0");
  updates->check(positive_count());
  verb.add_option("--moment-learning-rate", choice.moment_learning_rate,
                  "at which they begin (default: the model's)")
      ->check(CLI::PositiveNumber)
      ->type_name("NUMBER")
      ->needs(updates);
  return {"--objective", "--distort", "--moment", "--moment-updates", "--moment-learning-rate"};
}

Judgement apply(const JudgingChoice& choice, const Recipe& recipe) {
  Judgement by{.objective = read_objective(choice.objective),
               .distortions = {},
               .moment = named<Moment>(choice.moment).value_or(Moment::awake)};
  if (!choice.distort.empty()) by.distortions = read_weighted_distortions(choice.distort);
  if (by.moment != Moment::tuned) {
    if (choice.moment_updates > 0) throw InputError("--moment-updates goes with --moment tuned");
    return by;
  }
  if (choice.moment_updates == 0) {
    throw InputError("--moment tuned needs --moment-updates: how long networks are trained on");
  }
  if (!recipe.training) throw JudgesError(NoJudges::unknown_training);
  by.further =
      training_after_sleep(*recipe.training, choice.moment_updates, choice.moment_learning_rate);
  return by;
}

std::string distortion_help() {
  return "Distortions (pixels from 0 to 1):\n"
         "  gaussian-noise=D   plus normal noise of deviation D\n"
         "  salt-and-pepper=P  a part P of the pixels becomes 0 or 1\n"
         "  blur=D             by a Gaussian of D pixels\n"
         "  contrast=C         differences from the image's mean times C\n"
         "  occlusion=N        a square of N pixels' side becomes 0\n"
         "  shift=N            by N pixels, up or down and left or right\n"
         "  rotation=A         by A degrees, left or right\n"
         "  fgsm=E, pgd=E      against the network, by E in each pixel\n"
         "  clean              none\n";
}

}  // namespace hypnos::cli
