// Configurations one below the other. Where a study compares alternatives: those on the same data, best
// first, each alone and with sleep on top.

import { type Figure, type Frame, labelRoom, legendAbove, type Slot, slotOf } from "../figure";
import { comparesAlternatives, nameWithin, type Part, partsOf } from "../parts";
import {
  type Group,
  type Measure,
  type Moment,
  measures,
  moments,
  type Study,
  type Summary,
} from "../report";
import { shapes } from "../theme";
import { counted, meanAndDeviation, measureNames, momentNames, percent } from "../words";

const alternativeNames: Record<Moment, string> = {
  ...momentNames,
  before: "Alone",
  after_sleep: "With sleep on top",
  after_finetuning: "With sleep and fine-tuning on top",
};

/// What the configurations are compared by.
interface Quantity {
  name: string; // "accuracy"
  of: (group: Group, moment: Moment) => Summary | undefined;
}

function quantityOf(measure: Measure): Quantity {
  return {
    name: measureNames[measure].toLowerCase(),
    of: (group, moment) => group.moments[moment]?.measures[measure],
  };
}

const underDistortions: Quantity = {
  name: "accuracy under distortions",
  of: (group, moment) => group.distorted?.moments[moment]?.mean,
};

function figureOf(study: Study, part: Part, quantity: Quantity): Figure {
  const mean = (group: Group, moment: Moment) => quantity.of(group, moment)?.mean ?? 0;
  const best = (group: Group) => Math.max(...moments.map((moment) => mean(group, moment)));
  const ranked = comparesAlternatives(study);
  const names = ranked ? alternativeNames : momentNames;
  const nameOf = (group: Group) => nameWithin(study, group);
  const groups = ranked ? [...part.groups].sort((a, b) => best(b) - best(a)) : part.groups;
  const rows = groups.flatMap((group) =>
    moments.flatMap((moment) => {
      const found = quantity.of(group, moment);
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
  const { name } = quantity;
  const order = ranked ? "ranked by the best of its points" : "in the order of the plan";
  return {
    caption: `Test ${name} of each configuration, ${order}. Points are means over seeds; lines, one standard deviation.`,
    summary: `${counted(groups.length, "configuration")}${part.label ? ` on ${part.label}` : ""}. ${present
      .map((moment) => {
        const top = [...groups].sort((a, b) => mean(b, moment) - mean(a, moment))[0];
        return top
          ? `${names[moment]}, the best is ${nameOf(top)} with ${percent(mean(top, moment))}`
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
          const found = quantity.of(group, moment);
          return [found?.mean, found?.deviation];
        }),
      ]),
    },
  };
}

// The fullest part first: there is most to compare.
function partsToRank(study: Study, groups: Group[]): Part[] {
  return partsOf(study, groups).sort((a, b) => b.groups.length - a.groups.length);
}

export function rankingSlot(study: Study): Slot {
  const ranked = comparesAlternatives(study);
  const parts = partsToRank(study, study.groups);
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
      figure: (index) => figureOf(study, parts[index] ?? all, quantityOf("accuracy")),
    };
  }
  return {
    id,
    title,
    choose: "Measure",
    labels: measures.map((measure) => measureNames[measure]),
    draws: "first",
    figure: (index) => figureOf(study, all, quantityOf(measures[index] ?? "accuracy")),
  };
}

/// The same by the mean accuracy over distortions; null where there are not two to compare.
export function distortedRankingSlot(study: Study): Slot | null {
  const groups = study.groups.filter((group) => group.distorted);
  const ranked = comparesAlternatives(study);
  const title = ranked ? "Alternatives under distortions, ranked" : "Under distortions, on average";
  return slotOf(
    { id: `${study.name}-distorted`, title, choose: "Data", draws: "all" },
    groups.length > 1 ? partsToRank(study, groups) : [],
    (part) => part.label || "all",
    (part) => figureOf(study, part, underDistortions),
  );
}
