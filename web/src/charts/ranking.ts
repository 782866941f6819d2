// Configurations one below the other. Where a study compares alternatives: those on the same data, best
// first, each alone and with sleep on top.

import { type Figure, type Frame, labelRoom, legendAbove, type Slot } from "../figure";
import { comparesAlternatives, nameWithin, type Part, partsOf } from "../parts";
import { type Group, type Measure, type Moment, measures, moments, type Study } from "../report";
import { shapes } from "../theme";
import { counted, meanAndDeviation, measureNames, momentNames, percent } from "../words";

const alternativeNames: Record<Moment, string> = {
  ...momentNames,
  before: "Alone",
  after_sleep: "With sleep on top",
  after_finetuning: "With sleep and fine-tuning on top",
};

function mean(group: Group, moment: Moment, measure: Measure): number {
  return group.moments[moment]?.measures[measure].mean ?? 0;
}

function best(group: Group): number {
  return Math.max(...moments.map((moment) => mean(group, moment, "accuracy")));
}

function figureOf(study: Study, part: Part, measure: Measure): Figure {
  const ranked = comparesAlternatives(study);
  const names = ranked ? alternativeNames : momentNames;
  const nameOf = (group: Group) => nameWithin(study, group);
  const groups = ranked ? [...part.groups].sort((a, b) => best(b) - best(a)) : part.groups;
  const rows = groups.flatMap((group) =>
    moments.flatMap((moment) => {
      const found = group.moments[moment]?.measures[measure];
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
  const present = moments.filter((moment) => rows.some((row) => row.moment === names[moment]));
  const name = measureNames[measure].toLowerCase();
  const order = ranked ? "ranked by the best of its points" : "in the order of the plan";
  return {
    caption: `Test ${name} of each configuration, ${order}. Points are means over seeds; lines, one standard deviation.`,
    summary: `${counted(groups.length, "configuration")}${part.label ? ` on ${part.label}` : ""}. ${present
      .map((moment) => {
        const top = [...groups].sort(
          (a, b) => mean(b, moment, measure) - mean(a, moment, measure),
        )[0];
        return top
          ? `${names[moment]}, the best is ${nameOf(top)} with ${percent(mean(top, moment, measure))}`
          : "";
      })
      .join("; ")}.`,
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
        title: `Test ${name}`,
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
                { field: "row", title: "configuration" },
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
        "configuration",
        "seeds",
        ...present.flatMap((moment) => [names[moment], `± ${names[moment].split(":")[0]}`]),
      ],
      rows: groups.map((group) => [
        nameOf(group),
        group.seeds.length,
        ...present.flatMap((moment) => {
          const found = group.moments[moment]?.measures[measure];
          return [found?.mean, found?.deviation];
        }),
      ]),
    },
  };
}

export function rankingSlot(study: Study): Slot {
  const ranked = comparesAlternatives(study);
  // The fullest first: there is most to compare.
  const parts = partsOf(study, study.groups).sort((a, b) => b.groups.length - a.groups.length);
  const all = { label: "", groups: study.groups };
  const id = `${study.name}-accuracy`;
  const title = ranked ? "Alternatives, ranked" : "Accuracy by configuration";
  if (parts.length > 1) {
    return {
      id,
      title,
      choose: "Data",
      labels: parts.map((part) => part.label),
      draws: "all",
      figure: (index) => figureOf(study, parts[index] ?? all, "accuracy"),
    };
  }
  return {
    id,
    title,
    choose: "Measure",
    labels: measures.map((measure) => measureNames[measure]),
    draws: "first",
    figure: (index) => figureOf(study, all, measures[index] ?? "accuracy"),
  };
}
