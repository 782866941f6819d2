// What a study of tasks in sequence found, in sentences, for better or worse. Two groups differ where
// the 95% interval of the difference says so.

import type { Estimate, Study } from "./report";
import {
  accuracyOf,
  gainOver,
  learnerName,
  learnerOf,
  memoryOf,
  ranked,
  type SequenceGroup,
  sleeps,
  type Tasks,
  taskCount,
  tasksOf,
} from "./sequences";
import { counted, percent, points, whole } from "./words";

const numbers = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
];

/// The groups that a first sentence is about.
export interface Findings {
  asleep: SequenceGroup; // the best that slept
  among: number; // so many like it
  awake?: SequenceGroup | undefined; // the best of its kind that did not
  joint?: SequenceGroup | undefined;
  others: SequenceGroup[]; // the best of each further learner that stores no more than it
}

function bestOf(groups: SequenceGroup[], learner: string): SequenceGroup | undefined {
  return ranked(groups.filter((group) => learnerOf(group) === learner))[0];
}

/// Those that keep nothing of earlier tasks come first: this is what sleep is for.
function asleep(groups: SequenceGroup[]): SequenceGroup[] {
  const slept = groups.filter(sleeps);
  const stored = slept.filter((group) => memoryOf(group) === 0);
  const nothing = stored.filter((group) => !group.sequence.reads_old);
  return ranked([nothing, stored, slept].find((some) => some.length > 0) ?? []);
}

export function findingsOf(tasks: Tasks): Findings | null {
  const slept = asleep(tasks.groups);
  const first = slept[0];
  if (!first) return null;
  const memory = memoryOf(first);
  const fair = tasks.groups.filter((group) => !sleeps(group) && memoryOf(group) <= memory);
  const counterpart = learnerOf(first) === "icarl-sleep" ? "icarl" : "sequential";
  const apart = [counterpart, "waking", "joint", "joint-same"];
  const learners = [...new Set(fair.map(learnerOf))].filter((name) => !apart.includes(name));
  return {
    asleep: first,
    among: slept.length,
    awake: bestOf(
      fair.filter((group) => memoryOf(group) === memory),
      counterpart,
    ),
    joint: bestOf(tasks.groups, "joint") ?? bestOf(tasks.groups, "joint-same"),
    others: ranked(learners.flatMap((name) => bestOf(fair, name) ?? [])),
  };
}

function listed(words: string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function interval(gain: Estimate): string {
  return `${points(gain.mean)} points, 95% ${points(gain.low)} to ${points(gain.high)}, n\u00a0${gain.n}`;
}

// The bootstrap of two seeds is no interval worth the name.
const fewest = 3;

/// -1 and 1: the difference is shown, 0: it is not, null: there are too few seeds to tell.
function sign(gain: Estimate | undefined): number | null {
  if (gain?.low == null || gain.high == null || gain.n < fewest) return null;
  return gain.low > 0 ? 1 : gain.high < 0 ? -1 : 0;
}

function plainName(group: SequenceGroup): string {
  const name = learnerName(learnerOf(group));
  return /^(LDA|LwF|EWC|iCaRL)/.test(name) ? name : name.toLowerCase();
}

function named(group: SequenceGroup): string {
  return `${plainName(group)} (${percent(accuracyOf(group))})`;
}

function opening(tasks: Tasks, found: Findings): string {
  const { asleep: first } = found;
  const count = taskCount(first);
  const memory = memoryOf(first);
  const reads = first.sequence.reads_old ? " and read statistics of old images" : "";
  const how = memory > 0 ? ` and stored ${whole(memory)} images` : reads;
  const among = found.among > 1 ? `, the best of ${found.among} configurations` : "";
  const on = tasks.label ? ` (${tasks.label})` : "";
  const parts = [
    `After ${numbers[count] ?? count} tasks${on} networks that slept${how} answer ${percent(accuracyOf(first))} of all test images (n\u00a0${first.sequence.numbers.accuracy.n}${among})`,
  ];
  if (found.awake) parts.push(`without sleep ${percent(accuracyOf(found.awake))}`);
  if (found.joint) parts.push(`training on all at once ${percent(accuracyOf(found.joint))}`);
  return parts.join("; ");
}

function againstNone(study: Study, found: Findings): string {
  const gain = found.awake && gainOver(study, found.asleep, found.awake);
  const shown = sign(gain);
  if (!gain || shown === null) return "";
  if (shown === 0) return `is not shown to gain or lose against none (${interval(gain)})`;
  return `${shown > 0 ? "gains" : "loses"} against none (${interval(gain)})`;
}

function againstOthers(study: Study, found: Findings): string[] {
  const verbs = [
    [-1, "loses to"],
    [0, "is not shown to differ from"],
    [1, "beats"],
  ] as const;
  return verbs.flatMap(([shown, verb]) => {
    const those = found.others.filter(
      (group) => sign(gainOver(study, found.asleep, group)) === shown,
    );
    const words = those.map((group) => (shown === 1 ? plainName(group) : named(group)));
    return those.length > 0 ? `${verb} ${listed(words)}` : [];
  });
}

// What intervals show, or what too few seeds leave open.
function verdict(study: Study, found: Findings): string {
  const shown = [againstNone(study, found), ...againstOthers(study, found)];
  const parts = shown.filter((part) => part !== "");
  if (parts.length > 0) return ` Sleep ${listed(parts)}.`;
  const ahead = found.others.filter((group) => accuracyOf(group) > accuracyOf(found.asleep));
  return ahead.length > 0
    ? ` In so few seeds, which show no more, sleep is behind ${listed(ahead.map(named))}.`
    : " So few seeds show no more.";
}

// How the best with so many stored images that slept compares with the best that did not.
function withStored(study: Study, tasks: Tasks, size: number): string {
  const same = ranked(tasks.groups.filter((group) => memoryOf(group) === size));
  const slept = same.find(sleeps);
  const awake = same.find((group) => !sleeps(group));
  const gain = slept && awake && gainOver(study, slept, awake);
  if (!gain) return "";
  const shown = sign(gain);
  if (shown === null) {
    return `with ${whole(size)} images ${points(gain.mean)} points (n\u00a0${gain.n}, too few to tell)`;
  }
  const words = ["worse", "no difference is shown", "better"];
  return `with ${whole(size)} images ${words[shown + 1]} (${interval(gain)})`;
}

function onStoredImages(study: Study, tasks: Tasks): string[] {
  const sizes = [...new Set(tasks.groups.map(memoryOf))].filter((size) => size > 0);
  const parts = sizes
    .sort((a, b) => a - b)
    .map((size) => withStored(study, tasks, size))
    .filter((part) => part !== "");
  if (parts.length === 0) return [];
  const on = tasks.label ? ` (${tasks.label})` : "";
  return [
    `On top of stored images${on}, the best that slept against the best that did not: ${parts.join("; ")}.`,
  ];
}

function sentencesOf(study: Study, tasks: Tasks): string[] {
  const found = findingsOf(tasks);
  if (found) {
    return [`${opening(tasks, found)}.${verdict(study, found)}`, ...onStoredImages(study, tasks)];
  }
  const best = ranked(tasks.groups)[0];
  const on = tasks.label ? `${tasks.label}: ` : "";
  return best
    ? [
        `${on}${counted(tasks.groups.length, "configuration")}, none of which slept; the best is ${named(best)}.`,
      ]
    : [];
}

/// For each kind of tasks, the first for the top of the page.
export function sequenceSentences(study: Study): string[] {
  return tasksOf(study).flatMap((tasks) => sentencesOf(study, tasks));
}
