// What was found, in a sentence or two, for better or worse.

import type { Guard, Report, Study } from "./report";
import { sequenceSentences } from "./sequence-findings";
import { isSequence } from "./sequences";
import { counted, percent, points, whole } from "./words";

function verdict(study: Study, from: string, to: string) {
  const found = study.verdicts.find((v) => v.from === from && v.to === to)?.measures.accuracy;
  return found && found.mean != null ? { ...found, mean: found.mean } : null;
}

function worst(study: Study) {
  let found: { label: string; mean: number } | null = null;
  for (const group of study.groups) {
    const gain = group.gains.find((g) => g.from === "before" && g.to === "after_sleep");
    const mean = gain?.measures.accuracy.mean;
    if (mean != null && mean < 0 && (!found || mean < found.mean)) {
      found = { label: group.label, mean };
    }
  }
  return found;
}

function changed(mean: number, what: string): string {
  const by = `${Math.abs(100 * mean).toFixed(1)} points on average`;
  if (Math.abs(mean) < 0.0005) return `left ${what} as it was on average`;
  return mean > 0 ? `raised ${what} by ${by}` : `cost ${by} of ${what}`;
}

function sentenceOfMoments(study: Study): string {
  const sleep = verdict(study, "before", "after_sleep");
  const control = verdict(study, "control", "after_finetuning");
  const tuned = verdict(study, "before", "after_finetuning");
  if (!sleep) {
    return `${counted(study.done, "trial")} in ${counted(study.groups.length, "configuration")}, none of which was put to sleep and measured.`;
  }
  const low = worst(study);
  const worstOf = low ? `, at worst ${points(low.mean)} on ${low.label}` : "";
  const counts = `it clearly gained in ${sleep.better || "none"} and clearly lost in ${sleep.worse || "none"}${worstOf}`;
  const first = `Sleep alone ${changed(sleep.mean, "test accuracy")} over ${counted(sleep.groups, "configuration")} (${counted(sleep.trials, "network")}); ${counts}`;
  if (control) {
    const ahead = control.mean >= 0 ? "ahead of" : "behind";
    return `${first}. With waking and fine-tuning it came out ${Math.abs(100 * control.mean).toFixed(1)} points ${ahead} training on without either.`;
  }
  return tuned ? `${first}. With fine-tuning it ${changed(tuned.mean, "accuracy")}.` : `${first}.`;
}

// What sleep alone did under distortions; nothing where it was not measured.
function sentencesOfDistortions(study: Study): string[] {
  const gains = study.groups.flatMap((group) => {
    const gain = group.distorted?.gains.find(
      ({ from, to }) => from === "before" && to === "after_sleep",
    );
    return gain?.mean == null ? [] : [{ ...gain, mean: gain.mean }];
  });
  if (gains.length === 0) return [];
  const better = gains.filter((gain) => (gain.low ?? 0) > 0).length;
  const worse = gains.filter((gain) => (gain.high ?? 0) < 0).length;
  const mean = gains.reduce((sum, gain) => sum + gain.mean, 0) / gains.length;
  return [
    `Under distortions sleep alone ${changed(mean, "mean accuracy")}; it clearly gained in ${better || "none"} and clearly lost in ${worse || "none"} of ${counted(gains.length, "configuration")}.`,
  ];
}

/// The first for the top of the page.
export function studySentences(study: Study): string[] {
  const ofTasks = sequenceSentences(study);
  const onlyTasks = study.groups.every(isSequence);
  if (onlyTasks && ofTasks.length > 0) return ofTasks;
  return [...ofTasks, sentenceOfMoments(study), ...sentencesOfDistortions(study)];
}

export function guardSentence(guard: Guard): string {
  const numbers = `${points(guard.gain)} points (${points(guard.low)} to ${points(guard.high)}) on ${whole(guard.samples)} samples kept aside, at ${whole(guard.steps)} steps`;
  return guard.helps
    ? `The guard found that sleep helps: ${numbers}.`
    : `The guard did not let the network sleep, for it was not shown to help: ${numbers} at best.`;
}

function sleepSentence(report: Report): string {
  const group = report.studies[0]?.groups[0];
  const before = group?.moments.before?.measures.accuracy.mean;
  const after = group?.moments.after_sleep?.measures.accuracy.mean;
  if (report.guard && !report.guard.helps) return guardSentence(report.guard);
  const steps = group?.sleep ? `Over ${whole(group.sleep.steps)} steps of sleep, ` : "";
  if (before != null && after != null) {
    const way = after > before ? "rose" : after < before ? "fell" : "stayed";
    return `${steps}test accuracy ${way} from ${percent(before)} to ${percent(after)} (${points(after - before)} points).`;
  }
  return `${steps || "The network slept; "}accuracy was not measured.`;
}

/// The study that the first screen is about: Figure 1, or the largest.
export function mainStudy(report: Report): Study | undefined {
  return (
    report.studies.find((study) => study.name === "figure1") ??
    [...report.studies].sort((a, b) => b.done - a.done)[0]
  );
}

export function headline(report: Report): string[] {
  if (report.kind === "sleep") return [sleepSentence(report)];
  const study = mainStudy(report);
  return study ? studySentences(study) : ["There are no results yet."];
}
