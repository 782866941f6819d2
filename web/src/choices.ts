// How choices are written.

import type { Group, Json } from "./report";

function percentage(part: number): string {
  return `${Number((100 * part).toPrecision(6))}%`;
}

/// Classes one after another as a range: "0, 5–9".
export function ranges(classes: number[]): string {
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
export function show(key: string, value: Json | undefined): string {
  if (key === "fraction" && typeof value === "number") return percentage(value);
  if (key === "keep" && typeof value === "string") return thinned(value);
  if (key === "sleep" && value === "none") return "no sleep";
  if (typeof value === "string") return value;
  return `${key.replaceAll("_", " ")} ${value == null ? "–" : JSON.stringify(value)}`;
}

export function panelOf(group: Group, keys: string[]): string {
  return keys.map((key) => show(key, group.choices[key])).join(" · ");
}
