// What configurations are called: by the choices in which they differ.

import type { Group, Json, Report, Study } from "./report";

function percentage(part: number): string {
  return `${Number((100 * part).toPrecision(6))}%`;
}

/// Classes one after another as a range: "0, 5–9".
function ranges(classes: number[]): string {
  const found: [number, number][] = [];
  for (const label of [...classes].sort((a, b) => a - b)) {
    const last = found[found.length - 1];
    if (last && last[1] === label - 1) last[1] = label;
    else found.push([label, label]);
  }
  return found
    .map(([from, to]) =>
      from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`,
    )
    .join(", ");
}

/// "5=0.1,6=0.1" as "10% of classes 5, 6".
function thinned(keep: string): string {
  const classes = new Map<number, number[]>();
  for (const word of keep.split(",")) {
    const [label, part] = word.split("=").map(Number);
    if (label == null || part == null || Number.isNaN(label + part)) return keep;
    classes.set(part, [...(classes.get(part) ?? []), label]);
  }
  return [...classes]
    .map(([part, of]) => `${percentage(part)} of class${of.length === 1 ? "" : "es"} ${ranges(of)}`)
    .join(", ");
}

/// A choice as a person reads it.
function show(key: string, value: Json | undefined): string {
  if (key === "fraction" && typeof value === "number") return percentage(value);
  if (key === "keep" && typeof value === "string") return thinned(value);
  if (key === "sleep" && value === "none") return "no sleep";
  if (typeof value === "string") return value;
  return `${key.replaceAll("_", " ")} ${value == null ? "–" : JSON.stringify(value)}`;
}

export function panelOf(group: Group, keys: string[]): string {
  return keys.map((key) => show(key, group.choices[key])).join(" · ");
}

function labelled(study: Study, keys: string[]): string[] {
  return study.groups.map((group) =>
    panelOf(
      group,
      keys.filter((key) => group.choices[key] != null),
    ),
  );
}

/// The sleep mostly goes by the size of the data, and then is not named; what else tells no
/// configurations apart has the beginning of its id.
function labelsOf(study: Study): string[] {
  const { varying } = study;
  for (const keys of [varying.filter((key) => key !== "sleep"), varying]) {
    const labels = labelled(study, keys);
    if (new Set(labels).size === labels.length && !labels.includes("")) return labels;
  }
  if (study.groups.length === 1) return ["all"];
  return labelled(study, varying).map((label, i) =>
    `${label} · ${study.groups[i]?.id ?? i}`.replace(/^ · /, ""),
  );
}

/// The page's data, with labels.
export function readReport(text: string): Report {
  const report = JSON.parse(text) as Report;
  for (const study of report.studies) {
    const labels = report.kind === "sleep" ? [study.name] : labelsOf(study);
    study.groups.forEach((group, i) => {
      group.label = labels[i] ?? "";
    });
  }
  return report;
}
