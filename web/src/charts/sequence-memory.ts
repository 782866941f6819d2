// What sleep adds to stored images: final accuracy by their number.

import { columnsFor, type Figure, legendAbove, type Slot, slotOf } from "../figure";
import type { Study } from "../report";
import {
  accuracyOf,
  type Kind,
  kindOf,
  kindScales,
  learnerName,
  learnerOf,
  memoryOf,
  namesOf,
  ranked,
  type SequenceGroup,
  type Tasks,
  tasksOf,
} from "../sequences";
import { percent, whole } from "../words";

const shown: Kind[] = ["Sleeps", "No sleep"];

interface Series {
  name: string;
  kind: Kind;
  groups: SequenceGroup[]; // by memory
  best: boolean; // of its kind, by its mean over the sizes
}

function storing(tasks: Tasks): SequenceGroup[] {
  return tasks.groups.filter(
    (group) => group.choices.memory != null && shown.includes(kindOf(group)),
  );
}

function seriesOf(study: Study, tasks: Tasks): Series[] {
  const groups = storing(tasks);
  const found = new Map<string, SequenceGroup[]>();
  // Choices of replay go with stored images.
  const names = namesOf(study, groups, ["memory", "replay"]);
  groups.forEach((group, i) => {
    const name = names[i] ?? "";
    found.set(name, [...(found.get(name) ?? []), group]);
  });
  const series = [...found].map(([name, members]) => ({
    name,
    kind: kindOf(members[0] as SequenceGroup),
    groups: members.sort((a, b) => memoryOf(a) - memoryOf(b)),
    best: false,
  }));
  for (const kind of shown) {
    const mean = (one: Series) =>
      one.groups.reduce((sum, group) => sum + accuracyOf(group), 0) / one.groups.length;
    const full = Math.max(...series.map((one) => one.groups.length));
    const best = series
      .filter((one) => one.kind === kind && one.groups.length === full)
      .sort((a, b) => mean(b) - mean(a))[0];
    if (best) best.best = true;
  }
  return series;
}

// The best that needs none. Two lines may be close: the upper one is named above it, the other below.
function beside(tasks: Tasks) {
  const found = (["All tasks at once", "Closed form, no network"] as const).flatMap((kind) => {
    const best = ranked(tasks.groups.filter((group) => kindOf(group) === kind))[0];
    if (!best) return [];
    const name = learnerName(learnerOf(best));
    return [{ text: `${name}: ${percent(accuracyOf(best))}`, mean: accuracyOf(best) }];
  });
  const top = Math.max(...found.map((one) => one.mean));
  return found.map((one) => ({ ...one, shift: one.mean === top ? -7 : 9 }));
}

function figureOf(study: Study, tasks: Tasks): Figure {
  const series = seriesOf(study, tasks);
  const rows = series.flatMap((one) =>
    one.groups.map((group) => {
      const found = group.sequence.numbers.accuracy;
      return {
        name: one.name,
        kind: one.kind,
        best: one.best,
        memory: memoryOf(group),
        mean: found.mean ?? 0,
        low: found.low ?? found.mean ?? 0,
        high: found.high ?? found.mean ?? 0,
        n: found.n,
        text:
          found.low == null
            ? percent(found.mean)
            : `${percent(found.mean)} [${percent(found.low)}, ${percent(found.high)}]`,
      };
    }),
  );
  const sizes = [...new Set(rows.map((row) => row.memory))].sort((a, b) => a - b);
  const present = shown.filter((kind) => series.some((one) => one.kind === kind));
  const bold = series.filter((one) => one.best);
  const others = beside(tasks);
  return {
    caption: `Accuracy on all test images in the end by the number of stored images. Strong lines: ${bold.map((one) => one.name).join(", and ")}, each the best of its kind over all sizes; faint ones: others. ${others.length > 0 ? "Dashed: what stores none to answer by. " : ""}Points are means over seeds; bars, 95% bootstrap confidence intervals.`,
    summary: `${bold
      .map(
        (one) =>
          `${one.name}: ${one.groups.map((group) => `${percent(accuracyOf(group))} with ${whole(memoryOf(group))} images`).join(", ")}`,
      )
      .join(". ")}. ${others.map((other) => other.text).join("; ")}.`,
    spec: (frame) => {
      const scales = kindScales(frame.theme, present);
      const { width } = columnsFor(frame, 1);
      const x = {
        field: "memory",
        type: "ordinal",
        title: "Stored images",
        sort: sizes,
        axis: { labelAngle: 0, grid: false, format: ",d" },
      };
      const y = {
        field: "mean",
        type: "quantitative",
        title: "Accuracy in the end",
        scale: { domain: [0, 1] },
        axis: { format: ".0%", tickCount: 5 },
      };
      const color = {
        field: "kind",
        type: "nominal",
        scale: scales.color,
        legend: legendAbove(frame, present),
      };
      const faint = { condition: { test: "datum.best", value: 1 }, value: 0.35 };
      return {
        data: { values: rows },
        width: Math.min(width, 640),
        height: 280,
        layer: [
          {
            data: { values: others },
            mark: { type: "rule", color: frame.theme.quiet, strokeDash: [5, 3], tooltip: false },
            encoding: { y },
          },
          {
            data: { values: others },
            mark: {
              type: "text",
              color: frame.theme.quiet,
              align: "left",
              dy: { expr: "datum.shift" },
              dx: 4,
              tooltip: false,
            },
            encoding: { x: { value: 0 }, y, text: { field: "text" } },
          },
          {
            mark: { type: "line", tooltip: false },
            encoding: {
              x,
              y,
              color,
              detail: { field: "name" },
              opacity: faint,
              strokeWidth: { condition: { test: "datum.best", value: 2.5 }, value: 1.25 },
            },
          },
          {
            transform: [{ filter: "datum.best" }],
            mark: { type: "rule", strokeWidth: 1.75, tooltip: false },
            encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
          },
          {
            mark: { type: "point", filled: true, size: 60 },
            encoding: {
              x,
              y,
              color,
              opacity: faint,
              shape: { field: "kind", type: "nominal", scale: scales.shape },
              tooltip: [
                { field: "name", title: "configuration" },
                { field: "memory", title: "stored images" },
                { field: "text", title: "mean [95% interval]" },
                { field: "n", title: "seeds" },
              ],
            },
          },
        ],
      };
    },
    table: {
      columns: [
        "configuration",
        "kind",
        "stored images",
        "seeds",
        "accuracy",
        "95% low",
        "95% high",
      ],
      rows: series.flatMap((one) =>
        one.groups.map((group) => {
          const { n, mean, low, high } = group.sequence.numbers.accuracy;
          return [one.name, one.kind, memoryOf(group), n, mean, low, high];
        }),
      ),
    },
  };
}

export function memorySlot(study: Study): Slot | null {
  const parts = tasksOf(study).filter((tasks) => new Set(storing(tasks).map(memoryOf)).size > 1);
  return slotOf(
    {
      id: `${study.name}-memory`,
      title: "Sleep and stored images",
      choose: "Tasks",
      draws: "all",
    },
    parts,
    (part) => part.label,
    (part) => figureOf(study, part),
  );
}
