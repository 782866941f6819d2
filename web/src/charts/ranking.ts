// Alternatives on the same data, best first: each alone, and with sleep on top.

import { panelOf } from "../axis";
import { type Figure, type Frame, labelRoom, type Slot } from "../figure";
import { byData, type Part } from "../parts";
import { type Group, type Moment, moments, type Study } from "../report";
import { shapes } from "../theme";
import { meanAndDeviation, percent } from "../words";

const names: Record<Moment, string> = {
  before: "Alone",
  after_sleep: "With sleep on top",
  after_finetuning: "With sleep and fine-tuning on top",
  control: "Control: trained on, no sleep",
};

function accuracy(group: Group, moment: Moment): number | null {
  return group.moments[moment]?.measures.accuracy.mean ?? null;
}

function best(group: Group): number {
  return Math.max(...moments.map((moment) => accuracy(group, moment) ?? 0));
}

function figureOf(study: Study, part: Part): Figure {
  const keys = study.varying.filter(
    (key) => !["data", "fraction", "per_class", "keep"].includes(key),
  );
  const nameOf = (group: Group) => {
    const told = keys.filter((key) => group.choices[key] != null);
    return told.length > 0 ? panelOf(group, told) : group.label;
  };
  const groups = [...part.groups].sort((a, b) => best(b) - best(a));
  const rows = groups.flatMap((group) =>
    moments.flatMap((moment) => {
      const found = group.moments[moment]?.measures.accuracy;
      if (found?.mean == null) return [];
      const spread = found.deviation ?? 0;
      return [
        {
          row: nameOf(group),
          moment: names[moment],
          mean: found.mean,
          low: Math.max(0, found.mean - spread),
          high: Math.min(1, found.mean + spread),
          text: meanAndDeviation(found),
          n: found.n,
        },
      ];
    }),
  );
  const first = groups[0];
  const alone = [...groups].sort(
    (a, b) => (accuracy(b, "before") ?? 0) - (accuracy(a, "before") ?? 0),
  )[0];
  const where = part.label ? ` on ${part.label}` : "";
  const present = moments.filter((moment) => rows.some((row) => row.moment === names[moment]));
  return {
    caption:
      "Test accuracy of each alternative, ranked by the best of its points. Points are means over seeds; lines, one standard deviation.",
    summary: `${groups.length} alternatives${where}. ${
      alone ? `Best alone: ${nameOf(alone)} with ${percent(accuracy(alone, "before"))}. ` : ""
    }${first ? `Best of all: ${nameOf(first)} with ${percent(best(first))}.` : ""}`,
    spec: (frame: Frame) => {
      const narrow = frame.width < 560;
      const labels = labelRoom(
        frame,
        rows.map((row) => row.row),
      );
      const domain = present.map((moment) => names[moment]);
      const places = present.map((moment) => moments.indexOf(moment));
      const x = {
        type: "quantitative",
        title: "Test accuracy",
        scale: { domain: [0, 1] },
        axis: { format: ".0%", tickCount: narrow ? 3 : 6 },
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
            sort: null,
            axis: { labelLimit: labels - 8, grid: true },
          },
          color: {
            field: "moment",
            type: "nominal",
            scale: { domain, range: places.map((i) => frame.theme.moments[i]) },
            legend: { orient: "top", title: null, columns: narrow ? 1 : 4, symbolSize: 90 },
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
                { field: "row", title: "alternative" },
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
        "rank",
        "alternative",
        "seeds",
        ...present.flatMap((moment) => [names[moment], `± ${names[moment].split(":")[0]}`]),
      ],
      rows: groups.map((group, rank) => [
        rank + 1,
        nameOf(group),
        group.seeds.length,
        ...present.flatMap((moment) => {
          const found = group.moments[moment]?.measures.accuracy;
          return [found?.mean, found?.deviation];
        }),
      ]),
    },
  };
}

export function rankingSlot(study: Study): Slot {
  const parts = byData(study, study.groups);
  return {
    id: `${study.name}-accuracy`,
    title: "Alternatives, ranked",
    choose: "Data",
    labels: parts.map((part) => part.label),
    draws: "all",
    figure: (index) => figureOf(study, parts[index] ?? { label: "", groups: study.groups }),
  };
}
