// What all figures have in common: a chart, its text, its table.

import type { Table } from "./table";
import type { Theme } from "./theme";

/// A Vega-Lite specification.
export type Spec = Record<string, unknown>;

export interface Frame {
  width: number; // pixels for all of the chart
  theme: Theme;
}

export interface Figure {
  caption: string; // what is to be seen, and how to read it
  summary: string; // what the chart shows, in words, for those who do not see it
  spec: (frame: Frame) => Spec;
  table: Table;
  busy?: boolean; // many marks: drawn as pixels
}

/// A place on the page for a figure, or for one of several.
export interface Slot {
  id: string;
  title: string;
  choose: string; // what is chosen
  labels: string[]; // of the figures to choose from
  start?: number; // the one that is shown first
  draws: "all" | "first"; // when drawn to files
  figure: (index: number) => Figure;
}

/// A slot with one figure.
export function single(id: string, title: string, figure: Figure): Slot {
  return { id, title, choose: "", labels: [title], draws: "all", figure: () => figure };
}

/// A slot with a figure for each of several parts; null where there are none.
export function slotOf<Part>(
  slot: Omit<Slot, "labels" | "figure">,
  parts: Part[],
  labelOf: (part: Part) => string,
  figureOf: (part: Part) => Figure,
): Slot | null {
  const first = parts[0];
  if (first === undefined) return null;
  return {
    ...slot,
    labels: parts.map(labelOf),
    figure: (index) => figureOf(parts[index] ?? first),
  };
}

/// Pixels for labels of rows at the left, where there is room for them.
export function labelRoom(frame: Frame, labels: string[]): number {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  return Math.min(frame.width < 560 ? 140 : 300, Math.ceil(longest * 6.3) + 16);
}

/// The title of an axis beside such labels, in lines on a phone, where little room is left for it.
export function titleLines(frame: Frame, title: string): string | string[] {
  if (frame.width >= 560) return title;
  const lines: string[] = [];
  for (const word of title.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + word.length < 18) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/// A legend of some names above a chart. On a phone it takes the room of the labels at its left too,
/// `indent` pixels, and stays clear of titles of panels.
export function legendAbove(frame: Frame, names: string[], indent = 0, titles = false) {
  const common = { title: null, symbolSize: 90 };
  const columns = frame.width < 480 ? 1 : frame.width < 760 ? 2 : 4;
  if (frame.width >= 560 || indent === 0) return { ...common, orient: "top", columns };
  const above = 18 * names.length + (titles ? 32 : 14);
  return {
    ...common,
    orient: "none",
    direction: "vertical",
    legendX: 4 - indent,
    legendY: -above,
  };
}

const axis = 62; // for an axis with its labels and title
const gap = 28;

/// Panels beside each other as far as they fit: how many columns, and how wide a plot is.
export function columnsFor(frame: Frame, panels: number, least = 300) {
  const fitting = Math.max(1, Math.floor((frame.width + gap) / (least + axis + gap)));
  const one = Math.min(panels, fitting);
  // Four panels stand in one row or two, not three and one.
  const columns = one < panels && panels % one === 1 && one > 2 ? one - 1 : one;
  const width = Math.floor((frame.width - (columns - 1) * gap) / columns - axis - 12);
  return { columns, width: Math.max(width, 120), gap };
}
