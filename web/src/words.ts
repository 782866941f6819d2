// How values are named and written.

import type { Measure, Moment, Summary } from "./report";

export const momentNames: Record<Moment, string> = {
  before: "Before sleep",
  after_sleep: "After sleep",
  after_finetuning: "After sleep and fine-tuning",
  control: "Control: trained on, no sleep",
};

export const measureNames: Record<Measure, string> = {
  accuracy: "Accuracy",
  balanced_accuracy: "Balanced accuracy",
  macro_f1: "Macro F1",
  geometric_mean: "Geometric mean of recalls",
};

const gainNames: Record<string, string> = {
  "before after_sleep": "Sleep − before",
  "before after_finetuning": "Sleep and fine-tuning − before",
  "control after_finetuning": "Sleep and fine-tuning − control",
};

export function gainName(gain: { from: Moment; to: Moment }): string {
  return gainNames[`${gain.from} ${gain.to}`] ?? `${gain.to} − ${gain.from}`;
}

type Value = number | null | undefined;

export function percent(part: Value, digits = 1): string {
  return part == null ? "" : `${(100 * part).toFixed(digits)}%`;
}

/// A difference of two parts, in points: "+12.3".
export function points(difference: Value): string {
  if (difference == null) return "";
  const text = Math.abs(100 * difference).toFixed(1);
  return `${difference < 0 && text !== "0.0" ? "−" : "+"}${text}`;
}

export function meanAndDeviation(summary: Summary): string {
  if (summary.mean == null) return "";
  return summary.deviation == null
    ? percent(summary.mean)
    : `${percent(summary.mean)} ± ${(100 * summary.deviation).toFixed(1)}`;
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

export function short(value: Value): string {
  return value == null ? "" : String(Number(value.toPrecision(3)));
}

export function layerName(layer: number, layers: number): string {
  if (layer === 0) return "Input";
  return layer === layers - 1 ? "Output" : `Hidden ${layer}`;
}

export function counted(n: number, noun: string): string {
  return `${whole(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/// As part of a file's name, or of an element's id.
export function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/%/g, "pct")
      .replace(/[^a-z0-9.]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 80) || "x"
  );
}
