// Figure 1: a measure before sleep, after it, after fine-tuning, and of the control, along a number.

import { type Axis, xEncoding } from "../axis";
import { columnsFor, type Frame, legendAbove, type Slot } from "../figure";
import { type Measure, type Moment, measures, moments, type Study } from "../report";
import type { Cell, Table } from "../table";
import { momentScales } from "../theme";
import { counted, meanAndDeviation, measureNames, momentNames, percent } from "../words";

function present(study: Study): Moment[] {
  return moments.filter((moment) => study.groups.some((group) => group.moments[moment]));
}

function rowsOf(study: Study, axis: Axis, measure: Measure) {
  return study.groups.flatMap((group) =>
    moments.flatMap((moment) => {
      const found = group.moments[moment]?.measures[measure];
      if (found?.mean == null) return [];
      const spread = found.deviation ?? 0;
      return [
        {
          panel: axis.panelOf(group),
          x: axis.xOf(group),
          label: group.label,
          moment: momentNames[moment],
          mean: found.mean,
          low: Math.max(0, found.mean - spread),
          high: Math.min(1, found.mean + spread),
          text: meanAndDeviation(found),
          n: found.n,
        },
      ];
    }),
  );
}

function tableOf(study: Study, measure: Measure): Table {
  const shown = present(study);
  const rows = study.groups.map((group): Cell[] => [
    group.label,
    group.seeds.length,
    group.samples,
    ...shown.flatMap((moment): Cell[] => {
      const found = group.moments[moment]?.measures[measure];
      return [found?.mean, found?.deviation];
    }),
  ]);
  const columns = shown.flatMap((m) => [momentNames[m], `± ${momentNames[m].split(":")[0]}`]);
  return { columns: ["configuration", "seeds", "samples", ...columns], rows };
}

function summaryOf(study: Study, measure: Measure): string {
  const name = measureNames[measure].toLowerCase();
  const parts = present(study).map((moment) => {
    const means = study.groups.flatMap(
      (group) => group.moments[moment]?.measures[measure].mean ?? [],
    );
    return `${momentNames[moment]}: from ${percent(Math.min(...means))} to ${percent(Math.max(...means))}`;
  });
  return `Test ${name} in ${counted(study.groups.length, "configuration")}. ${parts.join("; ")}.`;
}

const tooltip = [
  { field: "label", title: "configuration" },
  { field: "moment", title: "moment" },
  { field: "text", title: "mean ± deviation" },
  { field: "n", title: "seeds" },
];

function along(study: Study, axis: Axis, measure: Measure) {
  return (frame: Frame) => {
    const rows = rowsOf(study, axis, measure);
    const panels = new Set(rows.map((row) => row.panel)).size;
    const scales = momentScales(
      frame.theme,
      rows.map((row) => row.moment),
    );
    const { columns, width, gap } = columnsFor(frame, panels);
    const x = xEncoding(axis, study.groups);
    const legend = legendAbove(frame, scales.color.domain);
    const color = { field: "moment", type: "nominal", scale: scales.color, legend };
    const y = {
      field: "mean",
      type: "quantitative",
      title: `Test ${measureNames[measure].toLowerCase()}`,
      scale: { domain: [0, 1] },
      axis: { format: ".0%", tickCount: 5 },
    };
    return {
      data: { values: rows },
      facet: { field: "panel", type: "nominal", title: null, header: { title: null } },
      columns,
      spacing: gap,
      spec: {
        width,
        height: Math.min(300, Math.max(200, width * 0.62)),
        layer: [
          {
            mark: { type: "area", opacity: 0.14, tooltip: false },
            encoding: {
              x,
              y: { ...y, field: "low" },
              y2: { field: "high" },
              color,
            },
          },
          {
            mark: { type: "line", strokeWidth: 2 },
            encoding: {
              x,
              y,
              color,
              // Not a scale, which would show in the legend's symbols.
              strokeDash: {
                condition: { test: { field: "moment", equal: momentNames.control }, value: [5, 3] },
                value: [1, 0],
              },
            },
          },
          {
            mark: { type: "point", filled: true, size: 55, opacity: 1 },
            encoding: {
              x,
              y,
              color,
              shape: { field: "moment", type: "nominal", scale: scales.shape },
              tooltip,
            },
          },
        ],
      },
      resolve: { axis: { x: "independent", y: "independent" } },
    };
  };
}

export function accuracySlot(study: Study, axis: Axis): Slot {
  return {
    id: `${study.name}-accuracy`,
    title: `Accuracy by ${axis.title.toLowerCase()}`,
    choose: "Measure",
    labels: measures.map((measure) => measureNames[measure]),
    draws: "first",
    figure: (index) => {
      const measure = measures[index] ?? "accuracy";
      return {
        caption: `${measureNames[measure]} on the test data. Points are means over seeds; bands, one standard deviation.`,
        summary: summaryOf(study, measure),
        spec: along(study, axis, measure),
        table: tableOf(study, measure),
      };
    },
  };
}
