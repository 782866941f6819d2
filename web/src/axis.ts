// Along what a study's groups are drawn: a number that varies, in panels by what else does.

import { panelOf } from "./choices";
import { comparesAlternatives } from "./parts";
import type { Group, Study } from "./report";

export interface Axis {
  key: string;
  title: string;
  panelOf: (group: Group) => string;
  xOf: (group: Group) => number;
}

const titles: Record<string, string> = {
  fraction: "Part of the training data",
  per_class: "Training samples per class",
  epochs: "Epochs of training",
  updates: "Updates of the weights",
};

function distinct(values: unknown[]): number {
  return new Set(values).size;
}

/// The number with the most values. Nothing when there is none, or groups would lie on each other, or
/// the study compares alternatives, which have names.
export function axisOf(study: Study, mostPanels = 6): Axis | null {
  if (comparesAlternatives(study)) return null;
  const numeric = study.varying.filter((key) =>
    study.groups.every((group) => typeof group.choices[key] === "number"),
  );
  const values = (key: string) => distinct(study.groups.map((group) => group.choices[key]));
  const key = numeric.reduce<string | null>(
    (best, k) => (best === null || values(k) > values(best) ? k : best),
    null,
  );
  if (key === null || values(key) < 2) return null;
  const others = study.varying.filter((k) => k !== key);
  // The sleep mostly follows the size of the data.
  for (const keys of [others.filter((k) => k !== "sleep"), others]) {
    const panels = study.groups.map((group) => panelOf(group, keys));
    const places = study.groups.map((group, i) => `${panels[i]}\n${group.choices[key]}`);
    if (distinct(places) === study.groups.length && distinct(panels) <= mostPanels) {
      return {
        key,
        title: titles[key] ?? key.replaceAll("_", " "),
        panelOf: (group) => panelOf(group, keys),
        xOf: (group) => Number(group.choices[key]),
      };
    }
  }
  return null;
}

/// Where all groups but a few have numbers far apart, a logarithmic scale.
export function xEncoding(axis: Axis, groups: Group[]) {
  const values = [...new Set(groups.map(axis.xOf))].sort((a, b) => a - b);
  const first = values[0] ?? 0;
  const last = values[values.length - 1] ?? 1;
  const part = axis.key === "fraction";
  return {
    field: "x",
    type: "quantitative",
    title: axis.title,
    scale: first > 0 && last / first >= 5 ? { type: "log", nice: false } : { zero: false },
    axis: {
      grid: false,
      labelFlush: false,
      labelOverlap: "greedy",
      labelSeparation: 4,
      values,
      labelExpr: part ? "format(datum.value * 100, '~r') + '%'" : "format(datum.value, '~r')",
    },
  };
}
