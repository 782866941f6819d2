// Large studies in parts, so that a figure stays one that a person can look at.

import { panelOf } from "./choices";
import type { Group, Study } from "./report";

export interface Part {
  label: string;
  groups: Group[];
}

const dataKeys = ["data", "fraction", "per_class", "keep"];

function split(groups: Group[], keys: string[]): Part[] {
  const parts = new Map<string, Group[]>();
  for (const group of groups) {
    const label = panelOf(group, keys);
    parts.set(label, [...(parts.get(label) ?? []), group]);
  }
  return [...parts].map(([label, members]) => ({ label, groups: members }));
}

/// The groups of each kind of data.
export function byData(study: Study, groups: Group[]): Part[] {
  return split(
    groups,
    dataKeys.filter((key) => study.varying.includes(key)),
  );
}

/// All groups, or where these are many, those of one data set, or of one part of it; alternatives
/// always on the same data.
export function partsOf(study: Study, groups: Group[], most = 32): Part[] {
  if (comparesAlternatives(study)) return byData(study, groups);
  const keys = dataKeys.filter((key) => study.varying.includes(key));
  for (let n = 0; n < keys.length; ++n) {
    const parts = split(groups, keys.slice(0, n));
    if (parts.every((part) => part.groups.length <= most)) return parts;
  }
  return byData(study, groups);
}

/// Whether the study compares alternatives, which have names.
export function comparesAlternatives(study: Study): boolean {
  return study.varying.includes("name") || study.varying.includes("method");
}

/// What a group is called beside these others of its kind of data, if the study compares alternatives:
/// its name, and what else differs among them.
export function nameWithin(study: Study, group: Group, groups: Group[]): string {
  if (!comparesAlternatives(study)) return group.label;
  const differs = (key: string) =>
    new Set(groups.map((one) => JSON.stringify(one.choices[key]))).size > 1;
  const keys = study.varying.filter(
    (key) =>
      !dataKeys.includes(key) && group.choices[key] != null && (key === "name" || differs(key)),
  );
  return keys.length > 0 ? panelOf(group, keys) : group.label;
}
