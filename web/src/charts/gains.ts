// What was gained, seed by seed, with the confidence interval of the mean.

import { axisOf, xEncoding } from "../axis";
import {
  columnsFor,
  type Figure,
  type Frame,
  labelRoom,
  legendAbove,
  type Slot,
  titleLines,
} from "../figure";
import { nameWithin, partsOf } from "../parts";
import { type Gain, type Group, type Measure, measures, type Study } from "../report";
import type { Theme } from "../theme";
import { counted, gainName, measureNames, points } from "../words";

const steps = [
  { from: "before", to: "after_sleep" },
  { from: "before", to: "after_finetuning" },
  { from: "control", to: "after_finetuning" },
] as const;
const names = steps.map(gainName);

function scalesFor(theme: Theme, present: string[]) {
  const kept = names.flatMap((name, i) => (present.includes(name) ? [i] : []));
  const colors = [theme.moments[1], theme.moments[2], theme.ink];
  const shapes = ["square", "triangle-up", "diamond"];
  const domain = kept.flatMap((i) => names[i] ?? []);
  return {
    color: { domain, range: kept.map((i) => colors[i]) },
    shape: { domain, range: kept.map((i) => shapes[i]) },
    domain,
  };
}

function rowsOf(study: Study, groups: Group[], measure: Measure) {
  return groups.flatMap((group) =>
    group.gains.flatMap((gain: Gain) => {
      const found = gain.measures[measure];
      if (found.mean == null) return [];
      return [
        {
          group,
          label: nameWithin(study, group, groups),
          gain: gainName(gain),
          n: found.n,
          mean: 100 * found.mean,
          low: 100 * (found.low ?? found.mean),
          high: 100 * (found.high ?? found.mean),
          text:
            found.low == null
              ? points(found.mean)
              : `${points(found.mean)} [${points(found.low)}, ${points(found.high)}]`,
        },
      ];
    }),
  );
}

// Verdicts are of the whole study.
function told(study: Study, measure: Measure): string {
  const sentences = study.verdicts.flatMap((verdict) => {
    const found = verdict.measures[measure];
    if (found.mean == null) return [];
    return [
      `${gainName(verdict)}: ${points(found.mean)} points on average over ${counted(found.groups, "configuration")}, shown to be above zero in ${found.better}, below zero in ${found.worse}`,
    ];
  });
  return `${sentences.join(". ")}.`;
}

function figureOf(study: Study, groups: Group[], measure: Measure): Figure {
  const axis = axisOf(study);
  const rows = rowsOf(study, groups, measure);
  const name = measureNames[measure].toLowerCase();
  const spec = (frame: Frame) => {
    const scales = scalesFor(
      frame.theme,
      rows.map((row) => row.gain),
    );
    const values = rows.map(({ group, ...row }) =>
      axis ? { ...row, panel: axis.panelOf(group), x: axis.xOf(group) } : row,
    );
    const title = titleLines(frame, `Points of ${name}`);
    const amount = { type: "quantitative", title, axis: { format: "+.2~f", tickCount: 6 } };
    const zero = {
      mark: { type: "rule", color: frame.theme.ink, strokeWidth: 1 },
      encoding: { [axis ? "y" : "x"]: { datum: 0 } },
    };
    const labels = axis
      ? 0
      : labelRoom(
          frame,
          values.map((row) => row.label),
        );
    const legend = legendAbove(frame, scales.domain, labels);
    const color = { field: "gain", type: "nominal", scale: scales.color, legend };
    const shape = { field: "gain", type: "nominal", scale: scales.shape };
    const tooltip = [
      { field: "label", title: "configuration" },
      { field: "gain", title: "gain" },
      { field: "text", title: "points [95% interval]" },
      { field: "n", title: "seeds" },
    ];
    const point = { type: "point", filled: true, size: 60, opacity: 1 };
    if (!axis) {
      const y = {
        field: "label",
        type: "nominal",
        sort: null,
        title: null,
        axis: { labelLimit: labels - 10, grid: true },
      };
      const offset = { field: "gain", type: "nominal", scale: { domain: scales.domain } };
      return {
        data: { values },
        width: Math.max(100, frame.width - labels - 24),
        height: { step: 12 },
        layer: [
          zero,
          {
            mark: { type: "rule", strokeWidth: 1.5 },
            encoding: {
              x: { ...amount, field: "low" },
              x2: { field: "high" },
              y,
              yOffset: offset,
              color,
            },
          },
          {
            mark: point,
            encoding: {
              x: { ...amount, field: "mean" },
              y,
              yOffset: offset,
              color,
              shape,
              tooltip,
            },
          },
        ],
      };
    }
    const { columns, width, gap } = columnsFor(frame, new Set(groups.map(axis.panelOf)).size);
    const x = xEncoding(axis, groups);
    const line = { type: "line", strokeWidth: 1, opacity: 0.5 };
    return {
      data: { values },
      facet: { field: "panel", type: "nominal", title: null, header: { title: null } },
      columns,
      spacing: gap,
      spec: {
        width,
        height: Math.min(300, Math.max(200, width * 0.62)),
        layer: [
          zero,
          { mark: line, encoding: { x, y: { ...amount, field: "mean" }, color } },
          {
            mark: { type: "rule", strokeWidth: 1.5 },
            encoding: { x, y: { ...amount, field: "low" }, y2: { field: "high" }, color },
          },
          { mark: point, encoding: { x, y: { ...amount, field: "mean" }, color, shape, tooltip } },
        ],
      },
      resolve: { axis: { x: "independent", y: "independent" } },
    };
  };
  return {
    caption: `Differences of ${name}, taken seed by seed; bars are 95% bootstrap confidence intervals of the mean. ${axis ? "Above" : "Right of"} zero, the first of the two is better.`,
    summary: told(study, measure),
    spec,
    table: {
      columns: ["configuration", "gain", "seeds", "mean points", "95% low", "95% high"],
      rows: groups.flatMap((group) =>
        group.gains.map((gain) => {
          const found = gain.measures[measure];
          const hundred = (v: number | null) => (v == null ? null : Number((100 * v).toFixed(3)));
          return [
            group.label,
            gainName(gain),
            found.n,
            hundred(found.mean),
            hundred(found.low),
            hundred(found.high),
          ];
        }),
      ),
    },
  };
}

export function gainsSlot(study: Study): Slot | null {
  const groups = study.groups.filter((group) => group.gains.length > 0);
  if (groups.length === 0) return null;
  const slot = { id: `${study.name}-gains`, title: "What sleep gains" };
  const parts = axisOf(study) ? [] : partsOf(study, groups);
  if (parts.length > 1) {
    return {
      ...slot,
      choose: "Data",
      labels: parts.map((part) => part.label),
      draws: "all",
      figure: (index) => figureOf(study, (parts[index] ?? { groups }).groups, "accuracy"),
    };
  }
  return {
    ...slot,
    choose: "Measure",
    labels: measures.map((measure) => measureNames[measure]),
    draws: "first",
    figure: (index) => figureOf(study, groups, measures[index] ?? "accuracy"),
  };
}
