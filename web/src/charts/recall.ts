// How well each class of one configuration is recognized.

import { columnsFor, type Figure, legendAbove, type Slot } from "../figure";
import { type Group, type Moment, moments, mostGained, type Study } from "../report";
import { momentScales } from "../theme";
import { momentNames, percent } from "../words";

/// Class and part of it that the training data kept.
export function kept(group: Group): Map<number, number> {
  const configuration = group.configuration as { subset?: { keep?: Record<string, number> } };
  const keep = configuration?.subset?.keep ?? {};
  return new Map(Object.entries(keep).map(([label, part]) => [Number(label), Number(part)]));
}

function className(group: Group, label: number): string {
  const part = kept(group).get(label);
  return part === undefined ? `${label}` : `${label} (${Number((100 * part).toPrecision(3))}%)`;
}

function figureOf(group: Group): Figure {
  const shown = moments.filter((moment) => group.moments[moment]);
  const thin = kept(group).size > 0;
  const rows = shown.flatMap((moment) =>
    (group.moments[moment]?.classes ?? []).map((c, label) => ({
      class: className(group, label),
      label,
      moment: momentNames[moment],
      recall: c.recall,
      low: Math.max(0, c.recall - (c.deviation ?? 0)),
      high: Math.min(1, c.recall + (c.deviation ?? 0)),
      text:
        c.deviation == null
          ? percent(c.recall)
          : `${percent(c.recall)} ± ${(100 * c.deviation).toFixed(1)}`,
    })),
  );
  const gained = (from: Moment, to: Moment) => {
    const a = group.moments[from]?.classes ?? [];
    const b = group.moments[to]?.classes ?? [];
    return b.filter((c, i) => c.recall > (a[i]?.recall ?? 0)).length;
  };
  const classes = group.moments.before?.classes.length ?? 0;
  return {
    caption: `Part of each class's test samples that is recognized. Points are means over seeds; lines, one standard deviation.${thin ? " In brackets: the part of the class that was kept for training." : ""}`,
    summary: `Recall by class of ${group.label}. After sleep ${gained("before", "after_sleep")} of ${classes} classes are recognized more often than before${group.moments.after_finetuning ? `, after fine-tuning ${gained("before", "after_finetuning")}` : ""}.`,
    spec: (frame) => {
      const present = shown.map((m) => momentNames[m]);
      const scales = momentScales(frame.theme, present);
      const narrow = frame.width < 560;
      const offset = { field: "moment", type: "nominal", scale: { domain: scales.color.domain } };
      const along = {
        field: "class",
        type: "nominal",
        sort: { field: "label", op: "min" },
        title: "Class",
        axis: { labelAngle: 0, grid: false },
      };
      const amount = {
        type: "quantitative",
        title: "Recall",
        scale: { domain: [0, 1] },
        axis: { format: ".0%", tickCount: 5 },
      };
      const color = {
        field: "moment",
        type: "nominal",
        scale: scales.color,
        legend: legendAbove(frame, present),
      };
      const [a, b, aOffset] = narrow ? ["y", "x", "yOffset"] : ["x", "y", "xOffset"];
      const size = columnsFor(frame, 1).width;
      return {
        data: { values: rows },
        width: size,
        height: narrow ? { step: 10 } : 240,
        encoding: { [a as string]: along, [aOffset as string]: offset, color },
        layer: [
          {
            mark: { type: "rule", strokeWidth: 1.5, opacity: 0.5 },
            encoding: { [b as string]: { ...amount, field: "low" }, [`${b}2`]: { field: "high" } },
          },
          {
            mark: { type: "point", filled: true, size: 60, opacity: 1 },
            encoding: {
              [b as string]: { ...amount, field: "recall" },
              shape: { field: "moment", type: "nominal", scale: scales.shape },
              tooltip: [
                { field: "class", title: "class" },
                { field: "moment", title: "moment" },
                { field: "text", title: "recall" },
              ],
            },
          },
        ],
      };
    },
    table: {
      columns: [
        "class",
        "test samples",
        ...shown.flatMap((m) => [`recall ${momentNames[m]}`, `answered ${momentNames[m]}`]),
      ],
      rows: Array.from({ length: classes }, (_, label) => [
        className(group, label),
        group.moments.before?.classes[label]?.samples,
        ...shown.flatMap((m) => {
          const c = group.moments[m]?.classes[label];
          return [c?.recall, c?.answered];
        }),
      ]),
    },
  };
}

export function recallSlot(study: Study): Slot | null {
  const groups = study.groups.filter((group) => (group.moments.before?.classes.length ?? 0) > 1);
  const first = groups[0];
  if (!first) return null;
  return {
    id: `${study.name}-recall`,
    title: "Recall of each class",
    choose: "Configuration",
    labels: groups.map((group) => group.label),
    start: mostGained(groups),
    draws: "all",
    figure: (index) => figureOf(groups[index] ?? first),
  };
}
