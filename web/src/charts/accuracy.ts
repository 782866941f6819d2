// Figure 1: a measure before sleep, after it, after fine-tuning, and of the control.

import { type Axis, axisOf, panelOf, xEncoding } from "../axis";
import { columnsFor, type Figure, type Frame, type Slot } from "../figure";
import { type Group, type Measure, type Moment, measures, moments, type Study } from "../report";
import type { Cell, Table } from "../table";
import { momentScales } from "../theme";
import { counted, meanAndDeviation, measureNames, momentNames, percent } from "../words";

function present(study: Study): Moment[] {
  return moments.filter((moment) => study.groups.some((group) => group.moments[moment]));
}

function rowsOf<Where extends object>(
  groups: Group[],
  measure: Measure,
  where: (group: Group) => Where,
) {
  return groups.flatMap((group) =>
    moments.flatMap((moment) => {
      const found = group.moments[moment]?.measures[measure];
      if (found?.mean == null) return [];
      const spread = found.deviation ?? 0;
      return [
        {
          ...where(group),
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

function legend(frame: Frame) {
  return {
    orient: "top",
    title: null,
    columns: frame.width < 480 ? 1 : frame.width < 760 ? 2 : 4,
    symbolSize: 90,
  };
}

function along(study: Study, axis: Axis, measure: Measure) {
  return (frame: Frame) => {
    const rows = rowsOf(study.groups, measure, (group) => ({
      panel: axis.panelOf(group),
      x: axis.xOf(group),
    }));
    const panels = new Set(rows.map((row) => row.panel)).size;
    const scales = momentScales(
      frame.theme,
      rows.map((row) => row.moment),
    );
    const { columns, width, gap } = columnsFor(frame, panels);
    const x = xEncoding(axis, study.groups);
    const color = { field: "moment", type: "nominal", scale: scales.color, legend: legend(frame) };
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
              strokeDash: { field: "moment", type: "nominal", scale: scales.dash },
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

// The last that was measured of a network that was to be good.
function final(group: Group, measure: Measure): number {
  for (const moment of ["after_finetuning", "after_sleep", "control", "before"] as const) {
    const mean = group.moments[moment]?.measures[measure].mean;
    if (mean != null) return mean;
  }
  return 0;
}

/// Methods are ranked by their final measure, on the same data.
function ranked(study: Study, measure: Measure) {
  const panelKeys = ["data", "fraction", "per_class"].filter((key) => study.varying.includes(key));
  const rowKeys = study.varying.filter((key) => !panelKeys.includes(key));
  const isName = rowKeys.find((key) => key === "name" || key === "method");
  const rowOf = (group: Group) => {
    const keys = isName ? rowKeys.filter((k) => k === isName || group.choices[k] != null) : rowKeys;
    return panelOf(group, keys) || group.label;
  };
  return (frame: Frame) => {
    const sorted = [...study.groups].sort((a, b) => final(b, measure) - final(a, measure));
    const rows = rowsOf(sorted, measure, (group) => ({
      panel: panelOf(group, panelKeys),
      row: rowOf(group),
      final: final(group, measure),
    }));
    const scales = momentScales(
      frame.theme,
      rows.map((row) => row.moment),
    );
    const narrow = frame.width < 560;
    const labels = narrow ? 110 : 240;
    const x = {
      type: "quantitative",
      title: `Test ${measureNames[measure].toLowerCase()}`,
      scale: { domain: [0, 1] },
      axis: { format: ".0%", tickCount: narrow ? 3 : 6 },
    };
    const panels = [...new Set(rows.map((row) => row.panel))].sort();
    return {
      data: { values: rows },
      vconcat: panels.map((panel) => ({
        title: panel ? { text: panel, anchor: "start" } : undefined,
        transform: [{ filter: { field: "panel", equal: panel } }],
        width: Math.max(100, frame.width - labels - 40),
        height: { step: 24 },
        encoding: {
          y: {
            field: "row",
            type: "nominal",
            title: null,
            sort: { field: "final", op: "max", order: "descending" },
            axis: { labelLimit: labels - 10, grid: true },
          },
          color: { field: "moment", type: "nominal", scale: scales.color, legend: legend(frame) },
        },
        layer: [
          {
            mark: { type: "rule", strokeWidth: 1.5, opacity: 0.6 },
            encoding: { x: { ...x, field: "low" }, x2: { field: "high" } },
          },
          {
            mark: { type: "point", filled: true, size: 70, opacity: 1 },
            encoding: {
              x: { ...x, field: "mean" },
              shape: { field: "moment", type: "nominal", scale: scales.shape },
              tooltip,
            },
          },
        ],
      })),
      resolve: { scale: { y: "independent" } },
    };
  };
}

export function accuracySlot(study: Study): Slot {
  const axis = axisOf(study);
  const figure = (index: number): Figure => {
    const measure = measures[index] ?? "accuracy";
    const name = measureNames[measure];
    return {
      caption: axis
        ? `${name} on the test data. Points are means over seeds; bands, one standard deviation.`
        : `${name} on the test data, ranked by the last measurement of sleep and fine-tuning. Points are means over seeds; lines, one standard deviation.`,
      summary: summaryOf(study, measure),
      spec: axis ? along(study, axis, measure) : ranked(study, measure),
      table: tableOf(study, measure),
    };
  };
  return {
    id: `${study.name}-accuracy`,
    title: axis ? `Accuracy by ${axis.title.toLowerCase()}` : "Accuracy, ranked",
    choose: "Measure",
    labels: measures.map((measure) => measureNames[measure]),
    draws: "first",
    figure,
  };
}
