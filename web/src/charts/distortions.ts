// One configuration under each distortion, at each moment.

import { type Figure, type Frame, labelRoom, legendAbove, type Slot, slotOf } from "../figure";
import {
  type Distorted,
  type Group,
  type Moment,
  moments,
  mostGained,
  type Study,
} from "../report";
import { shapes } from "../theme";
import { counted, gainName, meanAndDeviation, momentNames, percent, points } from "../words";

type DistortedGroup = Group & { distorted: Distorted };

// Clean images first, then one distortion after the other, then their mean.
function rowsOf(group: DistortedGroup) {
  const { distortions } = group.distorted;
  return moments.flatMap((moment) => {
    const at = group.distorted.moments[moment];
    const clean = group.moments[moment]?.measures.accuracy;
    if (!at || !clean) return [];
    const named = [
      ...(distortions.includes("clean") ? [] : [{ row: "clean", found: clean }]),
      ...at.each.map((found, i) => ({ row: distortions[i] ?? "", found })),
      { row: "mean over distortions", found: at.mean },
    ];
    return named.flatMap(({ row, found }) =>
      found.mean == null
        ? []
        : [
            {
              row,
              at: moment,
              moment: momentNames[moment],
              mean: found.mean,
              deviation: found.deviation,
              low: Math.max(0, found.mean - (found.deviation ?? 0)),
              high: Math.min(1, found.mean + (found.deviation ?? 0)),
              text: meanAndDeviation(found),
              n: found.n,
            },
          ],
    );
  });
}

function figureOf(group: DistortedGroup): Figure {
  const rows = rowsOf(group);
  const present = moments.filter((moment) => rows.some((row) => row.at === moment));
  const kinds = [...new Set(rows.map((row) => row.row))];
  const found = (kind: string, moment: Moment) =>
    rows.find((row) => row.row === kind && row.at === moment);
  const gains = group.distorted.gains.filter((gain) => gain.mean != null);
  return {
    caption:
      "Test accuracy under each distortion. Points are means over seeds; lines, one standard deviation. Attacks are made anew against the network of each moment.",
    summary: `${counted(group.distorted.distortions.length, "distortion")}, ${group.label}. ${gains
      .map(
        (gain) =>
          `${gainName(gain)}: ${points(gain.mean)} points on average over them${gain.low == null ? "" : ` (${points(gain.low)} to ${points(gain.high)})`}`,
      )
      .join("; ")}${gains.length > 0 ? "." : ""} ${present
      .map((moment) => `${momentNames[moment]}, ${percent(found("clean", moment)?.mean)} clean`)
      .join("; ")}.`,
    spec: (frame: Frame) => {
      const labels = labelRoom(frame, kinds);
      const domain = present.map((moment) => momentNames[moment]);
      const places = present.map((moment) => moments.indexOf(moment));
      const x = {
        type: "quantitative",
        title: "Test accuracy",
        scale: { domain: [0, 1] },
        axis: { format: ".0%", tickCount: frame.width < 560 ? 3 : 6 },
      };
      return {
        data: { values: rows },
        width: Math.max(100, frame.width - labels - 24),
        height: { step: 24 },
        encoding: {
          y: {
            field: "row",
            type: "nominal",
            title: null,
            sort: kinds,
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
                { field: "row", title: "distortion" },
                { field: "moment", title: "moment" },
                { field: "text", title: "mean ± deviation" },
                { field: "n", title: "seeds" },
              ],
            },
          },
        ],
      };
    },
    table: {
      columns: [
        "distortion",
        ...present.flatMap((moment) => [momentNames[moment], `± ${momentNames[moment]}`]),
      ],
      rows: kinds.map((kind) => [
        kind,
        ...present.flatMap((moment) => {
          const at = found(kind, moment);
          return [at?.mean, at?.deviation];
        }),
      ]),
    },
  };
}

export function distortionSlot(study: Study): Slot | null {
  const groups = study.groups.filter((group): group is DistortedGroup => group.distorted != null);
  return slotOf(
    {
      id: `${study.name}-each-distortion`,
      title: "Each distortion",
      choose: "Configuration",
      start: mostGained(groups, (group) => group.distorted.gains),
      draws: "all",
    },
    groups,
    (group) => group.label,
    figureOf,
  );
}
