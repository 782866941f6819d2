// Rows one below the other, each with a point for each moment: a mean, and a line of one deviation.

import { type Frame, labelRoom, legendAbove, type Spec, titleLines } from "./figure";
import { type Moment, moments, type Summary } from "./report";
import { shapes } from "./theme";
import { meanAndDeviation } from "./words";

/// One point: values are parts of 1.
export interface Dot {
  row: string;
  moment: string; // what it is called
  mean: number;
  low: number;
  high: number;
  text: string;
  n: number;
}

/// Nothing where no seed has a value.
export function dotsOf(row: string, moment: string, found: Summary | undefined): Dot[] {
  if (found?.mean == null) return [];
  const spread = found.deviation ?? 0;
  return [
    {
      row,
      moment,
      mean: found.mean,
      low: Math.max(0, found.mean - spread),
      high: Math.min(1, found.mean + spread),
      text: meanAndDeviation(found),
      n: found.n,
    },
  ];
}

/// @param present the moments that occur, and what each is called
/// @param title of the axis
/// @param rowTitle what a row is, for tooltips
export function momentDots(
  frame: Frame,
  dots: Dot[],
  present: { moment: Moment; name: string }[],
  title: string,
  rowTitle: string,
): Spec {
  const narrow = frame.width < 560;
  const rows = [...new Set(dots.map((dot) => dot.row))];
  const labels = labelRoom(frame, rows);
  const domain = present.map(({ name }) => name);
  const places = present.map(({ moment }) => moments.indexOf(moment));
  const x = {
    type: "quantitative",
    title: titleLines(frame, title),
    scale: { domain: [0, 1] },
    axis: { format: ".0%", tickCount: narrow ? 3 : 6 },
  };
  return {
    data: { values: dots },
    width: Math.max(100, frame.width - labels - 24),
    height: { step: 24 },
    encoding: {
      y: {
        field: "row",
        type: "nominal",
        title: null,
        sort: rows,
        axis: { labelLimit: labels - 8, grid: true },
      },
      color: {
        field: "moment",
        type: "nominal",
        scale: { domain, range: places.map((i) => frame.theme.moments[i]) },
        legend: legendAbove(frame, domain, labels),
      },
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
          shape: {
            field: "moment",
            type: "nominal",
            scale: { domain, range: places.map((i) => shapes[i]) },
          },
          tooltip: [
            { field: "row", title: rowTitle },
            { field: "moment", title: "moment" },
            { field: "text", title: "mean ± deviation" },
            { field: "n", title: "seeds" },
          ],
        },
      },
    ],
  };
}
