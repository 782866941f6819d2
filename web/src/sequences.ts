// Groups that learned tasks in sequence: which of them can be compared, and what they are called.

import { panelOf, ranges, show } from "./choices";
import { nameWithin } from "./parts";
import type { Estimate, Group, Json, Sequence, Study } from "./report";
import type { Theme } from "./theme";
import { whole } from "./words";

export type SequenceGroup = Group & { sequence: Sequence };

/// Those that learned the same tasks.
export interface Tasks {
  label: string;
  groups: SequenceGroup[];
}

const learnerNames: Record<string, string> = {
  sleep: "Sleep",
  sequential: "Sequential, no sleep",
  waking: "Waking, no sleep",
  joint: "Joint, all images",
  "joint-same": "Joint, same images",
  averaging: "Averaged networks",
  lwf: "LwF",
  ewc: "EWC",
  "nearest-class-mean": "Nearest class mean",
  lda: "LDA",
  icarl: "iCaRL",
  "icarl-sleep": "iCaRL, sleep",
};

const taskKeys = ["data", "tasks", "task_order", "task_samples", "task_fraction"];

/// Where all is learned at once, no choice of samples is looked at.
const takesAll = "joint";

export function learnerOf(group: Group): string {
  return String(group.choices.learner ?? "");
}

export function learnerName(learner: string): string {
  return learnerNames[learner] ?? learner;
}

export function memoryOf(group: Group): number {
  return Number(group.choices.memory ?? 0);
}

export function isSequence(group: Group): boolean {
  return group.choices.learner != null;
}

/// Added to titles of figures of a single sleep.
export function whichSleep(study: Study): string {
  const slept = study.groups.filter((group) => group.sleep);
  if (!slept.some(isSequence)) return "";
  return slept.every(isSequence) ? ", last sleep" : ", last sleep of each";
}

export function accuracyOf(group: SequenceGroup): number {
  return group.sequence.numbers.accuracy.mean ?? 0;
}

export function ranked(groups: SequenceGroup[]): SequenceGroup[] {
  return [...groups].sort((a, b) => accuracyOf(b) - accuracyOf(a));
}

export function sleeps(group: SequenceGroup): boolean {
  return group.sequence.rows.some((row) => row.slept);
}

export function taskCount(group: SequenceGroup): number {
  return group.sequence.rows[0]?.before.mean.length ?? 0;
}

/// "0, 1" by its classes, or "task 1".
export function taskName(group: SequenceGroup, task: number): string {
  const classes = group.sequence.classes[task];
  const name = classes ? ranges(classes) : "";
  return name === "" || name.length > 7 ? `task ${task + 1}` : name;
}

// Sleeping groups, and others by what they need.
export const kinds = [
  "Sleeps",
  "No sleep",
  "All tasks at once",
  "Closed form, no network",
] as const;
export type Kind = (typeof kinds)[number];

export function kindOf(group: SequenceGroup): Kind {
  const learner = learnerOf(group);
  if (sleeps(group)) return "Sleeps";
  if (learner === "joint" || learner === "joint-same") return "All tasks at once";
  return learner === "nearest-class-mean" || learner === "lda"
    ? "Closed form, no network"
    : "No sleep";
}

/// Scales of the kinds that occur.
export function kindScales(theme: Theme, present: Kind[]) {
  const colors = [theme.moments[1], theme.moments[0], theme.moments[3], theme.moments[2]];
  const shapes = ["square", "circle", "diamond", "triangle-up"];
  const kept = kinds.flatMap((kind, i) => (present.includes(kind) ? [i] : []));
  const domain = kept.map((i) => kinds[i] as string);
  return {
    color: { domain, range: kept.map((i) => colors[i]) },
    shape: { domain, range: kept.map((i) => shapes[i]) },
  };
}

// What the noise of a sleep is shaped by.
const calibrations: Record<string, string> = {
  all: "mean of all",
  running: "running mean",
  current: "mean of task",
  first: "mean of first task",
};

function word(key: string, value: Json | undefined): string {
  if (key === "calibration") return calibrations[String(value)] ?? String(value);
  if (key === "wake") return value ? "woken" : "not woken";
  if (key === "sleep_when") return value === "end" ? "one sleep at the end" : "sleep after each";
  return typeof value === "string" && key !== "sleep"
    ? `${key.replaceAll("_", " ")} ${value}`
    : show(key, value);
}

function distinct(groups: Group[], keys: string[]): number {
  return new Set(groups.map((group) => JSON.stringify(keys.map((key) => group.choices[key])))).size;
}

// Of the keys those that tell the groups apart.
function telling(groups: Group[], keys: string[]): string[] {
  const chosen: string[] = [];
  for (const key of keys) {
    if (distinct(groups, [...chosen, key]) > distinct(groups, chosen)) chosen.push(key);
  }
  return chosen;
}

// In which tasks differ.
function keysOfTasks(groups: Group[]): string[] {
  const own = groups.filter((group) => learnerOf(group) !== takesAll);
  return taskKeys.filter((key) => distinct(own, [key]) > 1);
}

/// What groups are called beside others that learn the same tasks: by learner, stored images, and
/// the choices in which those of one learner differ.
export function namesOf(study: Study, groups: Group[], without: string[] = []): string[] {
  const left = [...taskKeys, ...without, "learner", "memory", "name"];
  const keys = ["calibration", "wake", ...study.varying].filter(
    (key, i, all) => !left.includes(key) && all.indexOf(key) === i,
  );
  return groups.map((group) => {
    const same = groups.filter(
      (other) =>
        learnerOf(other) === learnerOf(group) &&
        other.choices.name === group.choices.name &&
        memoryOf(other) === memoryOf(group),
    );
    const memory = memoryOf(group);
    const learner = learnerName(learnerOf(group));
    const named = study.varying.includes("name") ? group.choices.name : null;
    return [
      typeof named === "string" && !learner.startsWith(named) ? named : "",
      learner,
      memory > 0 && !without.includes("memory") ? `${whole(memory)} images` : "",
      ...telling(same, keys).map((key) => word(key, group.choices[key])),
    ]
      .filter((part) => part !== "")
      .join(" · ");
  });
}

/// Labels of the groups of a study with sequences; nothing where it has none.
export function sequenceLabels(study: Study): string[] | null {
  if (!study.groups.some(isSequence)) return null;
  const keys = keysOfTasks(study.groups.filter(isSequence));
  const names = namesOf(study, study.groups);
  const labels = study.groups.map((group, i) => {
    const given = keys.filter((key) => group.choices[key] != null);
    return isSequence(group)
      ? [panelOf(group, given), names[i]].filter((part) => part !== "").join(" · ")
      : panelOf(
          group,
          study.varying.filter((key) => group.choices[key] != null),
        ) || "one training";
  });
  return labels.map((label, i) =>
    labels.indexOf(label) === labels.lastIndexOf(label)
      ? label
      : `${label} · ${study.groups[i]?.id ?? i}`,
  );
}

/// The groups of each kind of tasks. Joint training on all images stands beside each.
export function tasksOf(study: Study): Tasks[] {
  const groups = study.groups.filter((group): group is SequenceGroup => group.sequence != null);
  const own = groups.filter((group) => learnerOf(group) !== takesAll);
  if (own.length === 0) return groups.length > 0 ? [{ label: "", groups }] : [];
  const keys = keysOfTasks(groups);
  const parts = new Map<string, SequenceGroup[]>();
  for (const group of own) {
    const label = panelOf(group, keys);
    parts.set(label, [...(parts.get(label) ?? []), group]);
  }
  return [...parts].map(([label, members]) => ({
    label,
    groups: groups.filter(
      (group) =>
        members.includes(group) ||
        (learnerOf(group) === takesAll &&
          ["data", "tasks"].every((key) => group.choices[key] === members[0]?.choices[key])),
    ),
  }));
}

/// What the sleeping group is above the other.
export function gainOver(
  study: Study,
  group: SequenceGroup,
  other: SequenceGroup,
): Estimate | undefined {
  const [place, over] = [study.groups.indexOf(group), study.groups.indexOf(other)];
  return study.sequence_gains?.find((gain) => gain.group === place && gain.over === over);
}

/// What groups are called beside each other in figures of a single sleep.
export function rowNames(study: Study, groups: Group[]): string[] {
  if (!groups.every(isSequence)) return groups.map((group) => nameWithin(study, group, groups));
  const keys = keysOfTasks(groups);
  return namesOf(study, groups).map((name, g) =>
    [panelOf(groups[g] as Group, keys), name].filter((part) => part !== "").join(" · "),
  );
}
