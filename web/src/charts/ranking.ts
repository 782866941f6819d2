// Configurations one below the other. Where a study compares alternatives: those on the same data, best
// first, each alone and with sleep on top.

import { type Figure, type Slot, slotOf } from "../figure";
import { dotsOf, momentDots } from "../moment-dots";
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
import { counted, measureNames, momentNames, percent } from "../words";

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
  const nameOf = (group: Group) => nameWithin(study, group, groups);
  const groups = ranked ? [...part.groups].sort((a, b) => best(b) - best(a)) : part.groups;
  const rows = groups.flatMap((group) =>
    moments.flatMap((moment) => dotsOf(nameOf(group), names[moment], quantity.of(group, moment))),
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
    spec: (frame) =>
      momentDots(
        frame,
        rows,
        present.map((moment) => ({ moment, name: names[moment] })),
        `Test ${name}`,
        "configuration",
      ),
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
