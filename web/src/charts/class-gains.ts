// Which classes gain, and which lose, in all configurations; those that were thinned out for
// training are marked.

import { type Figure, labelRoom, type Slot } from "../figure";
import { nameWithin, partsOf } from "../parts";
import type { Group, Moment, Study } from "../report";
import { gainName, percent, points } from "../words";
import { kept } from "./recall";

const steps = [
  { from: "before", to: "after_sleep" },
  { from: "before", to: "after_finetuning" },
  { from: "control", to: "after_finetuning" },
] as const;

function figureOf(study: Study, groups: Group[], from: Moment, to: Moment): Figure {
  const rows = groups.flatMap((group) => {
    const first = group.moments[from]?.classes;
    const second = group.moments[to]?.classes;
    if (!first || !second) return [];
    const thin = kept(group);
    return second.map((c, label) => ({
      group: nameWithin(study, group, groups),
      class: label,
      gain: c.recall - (first[label]?.recall ?? 0),
      text: `${points(c.recall - (first[label]?.recall ?? 0))} points, to ${percent(c.recall)}`,
      thin: thin.has(label),
    }));
  });
  const classes = new Set(rows.map((row) => row.class)).size;
  const up = rows.filter((row) => row.gain > 0);
  const thin = rows.filter((row) => row.thin);
  const marked = thin.length > 0;
  return {
    caption: `${gainName({ from, to })}: change of each class's recall, mean over seeds.${marked ? " A dot marks a class that was thinned out for training." : ""}`,
    summary: `Recall rose in ${up.length} of ${rows.length} cases of a class in a configuration${marked ? `; of the ${thin.length} cases of a class that was thinned out, in ${thin.filter((row) => row.gain > 0).length}` : ""}.`,
    spec: (frame) => {
      const labels = labelRoom(
        frame,
        rows.map((row) => row.group),
      );
      const { theme } = frame;
      const width = Math.max(120, Math.min(frame.width - labels - 24, classes * 48));
      const x = {
        field: "class",
        type: "ordinal",
        title: "Class",
        axis: { labelAngle: 0, orient: "top" },
      };
      const y = {
        field: "group",
        type: "nominal",
        sort: null,
        title: null,
        axis: { labelLimit: labels - 10 },
      };
      return {
        data: { values: rows },
        width,
        height: { step: 20 },
        encoding: { x, y },
        layer: [
          {
            mark: { type: "rect", stroke: theme.paper, strokeWidth: 1 },
            encoding: {
              color: {
                field: "gain",
                type: "quantitative",
                scale: {
                  domain: [-1, 0, 1],
                  range: [theme.low, theme.paper, theme.high],
                  interpolate: "rgb",
                },
                legend: {
                  title: "Change of recall",
                  orient: "bottom",
                  direction: "horizontal",
                  format: "+.1~%",
                  gradientLength: Math.min(width, 200),
                  tickCount: 3,
                },
              },
              tooltip: [
                { field: "group", title: "configuration" },
                { field: "class", title: "class" },
                { field: "text", title: "recall" },
              ],
            },
          },
          {
            transform: [{ filter: "datum.thin" }],
            mark: { type: "point", filled: true, color: theme.ink, size: 14, opacity: 1 },
          },
        ],
      };
    },
    table: {
      columns: ["configuration", "class", "thinned out", "change of recall"],
      rows: rows.map((row) => [
        row.group,
        row.class,
        row.thin ? "yes" : "",
        Number(row.gain.toFixed(5)),
      ]),
    },
  };
}

export function classGainsSlot(study: Study): Slot | null {
  const choices = partsOf(study, study.groups).flatMap((part) =>
    steps
      .filter((step) =>
        part.groups.some((group) => group.moments[step.from] && group.moments[step.to]),
      )
      .map((step) => ({
        ...step,
        groups: part.groups,
        label: part.label ? `${part.label} · ${gainName(step)}` : gainName(step),
      })),
  );
  const first = choices[0];
  if (!first || study.groups.length < 2) return null;
  return {
    id: `${study.name}-class-gains`,
    title: "Which classes gain, and which lose",
    choose: "Gain",
    labels: choices.map((choice) => choice.label),
    draws: "all",
    figure: (index) => {
      const { groups, from, to } = choices[index] ?? first;
      return figureOf(study, groups, from, to);
    },
  };
}
