// How well each class is recognized, and what each gains; classes that were thinned out are marked.

import { columnsFor, type Figure, type Slot } from "../figure";
import { type Group, type Moment, moments, mostGained, type Study } from "../report";
import { momentScales } from "../theme";
import { gainName, momentNames, percent, points } from "../words";

/// Class and part of it that the training data kept.
function kept(group: Group): Map<number, number> {
  const configuration = group.configuration as { subset?: { keep?: Record<string, number> } };
  const keep = configuration?.subset?.keep ?? {};
  return new Map(Object.entries(keep).map(([label, part]) => [Number(label), Number(part)]));
}

function className(group: Group, label: number): string {
  const part = kept(group).get(label);
  return part === undefined ? `${label}` : `${label} (${Number((100 * part).toPrecision(3))}%)`;
}

function figureOf(group: Group): Figure {
  const shown = moments.filter((moment) => group.moments[moment]);
  const thin = kept(group).size > 0;
  const rows = shown.flatMap((moment) =>
    (group.moments[moment]?.classes ?? []).map((c, label) => ({
      class: className(group, label),
      label,
      moment: momentNames[moment],
      recall: c.recall,
      low: Math.max(0, c.recall - (c.deviation ?? 0)),
      high: Math.min(1, c.recall + (c.deviation ?? 0)),
      text:
        c.deviation == null
          ? percent(c.recall)
          : `${percent(c.recall)} ± ${(100 * c.deviation).toFixed(1)}`,
    })),
  );
  const gained = (from: Moment, to: Moment) => {
    const a = group.moments[from]?.classes ?? [];
    const b = group.moments[to]?.classes ?? [];
    return b.filter((c, i) => c.recall > (a[i]?.recall ?? 0)).length;
  };
  const classes = group.moments.before?.classes.length ?? 0;
  return {
    caption: `Part of each class's test samples that is recognized. Points are means over seeds; lines, one standard deviation.${thin ? " In brackets: the part of the class that was kept for training." : ""}`,
    summary: `Recall by class of ${group.label}. After sleep ${gained("before", "after_sleep")} of ${classes} classes are recognized more often than before${group.moments.after_finetuning ? `, after fine-tuning ${gained("before", "after_finetuning")}` : ""}.`,
    spec: (frame) => {
      const present = shown.map((m) => momentNames[m]);
      const scales = momentScales(frame.theme, present);
      const narrow = frame.width < 560;
      const offset = { field: "moment", type: "nominal", scale: { domain: scales.color.domain } };
      const along = {
        field: "class",
        type: "nominal",
        sort: { field: "label", op: "min" },
        title: "Class",
        axis: { labelAngle: 0, grid: false },
      };
      const amount = {
        type: "quantitative",
        title: "Recall",
        scale: { domain: [0, 1] },
        axis: { format: ".0%", tickCount: 5 },
      };
      const color = {
        field: "moment",
        type: "nominal",
        scale: scales.color,
        legend: {
          orient: "top",
          title: null,
          columns: narrow ? 1 : frame.width < 760 ? 2 : 4,
          symbolSize: 90,
        },
      };
      const [a, b, aOffset] = narrow ? ["y", "x", "yOffset"] : ["x", "y", "xOffset"];
      const size = columnsFor(frame, 1).width;
      return {
        data: { values: rows },
        width: size,
        height: narrow ? { step: 10 } : 240,
        encoding: { [a as string]: along, [aOffset as string]: offset, color },
        layer: [
          {
            mark: { type: "rule", strokeWidth: 1.5, opacity: 0.5 },
            encoding: { [b as string]: { ...amount, field: "low" }, [`${b}2`]: { field: "high" } },
          },
          {
            mark: { type: "point", filled: true, size: 60, opacity: 1 },
            encoding: {
              [b as string]: { ...amount, field: "recall" },
              shape: { field: "moment", type: "nominal", scale: scales.shape },
              tooltip: [
                { field: "class", title: "class" },
                { field: "moment", title: "moment" },
                { field: "text", title: "recall" },
              ],
            },
          },
        ],
      };
    },
    table: {
      columns: [
        "class",
        "test samples",
        ...shown.flatMap((m) => [`recall ${momentNames[m]}`, `answered ${momentNames[m]}`]),
      ],
      rows: Array.from({ length: classes }, (_, label) => [
        className(group, label),
        group.moments.before?.classes[label]?.samples,
        ...shown.flatMap((m) => {
          const c = group.moments[m]?.classes[label];
          return [c?.recall, c?.answered];
        }),
      ]),
    },
  };
}

const steps = [
  { from: "before", to: "after_sleep" },
  { from: "before", to: "after_finetuning" },
  { from: "control", to: "after_finetuning" },
] as const;

function overview(study: Study, from: Moment, to: Moment): Figure {
  const rows = study.groups.flatMap((group) => {
    const first = group.moments[from]?.classes;
    const second = group.moments[to]?.classes;
    if (!first || !second) return [];
    const thin = kept(group);
    return second.map((c, label) => ({
      group: group.label,
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
      const labels = frame.width < 560 ? 90 : 230;
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
                  format: "+.0%",
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

export function recallSlots(study: Study): Slot[] {
  const groups = study.groups.filter((group) => (group.moments.before?.classes.length ?? 0) > 1);
  const first = groups[0];
  if (!first) return [];
  const slots: Slot[] = [
    {
      id: `${study.name}-recall`,
      title: "Recall of each class",
      choose: "Configuration",
      labels: groups.map((group) => group.label),
      start: mostGained(groups),
      draws: "all",
      figure: (index) => figureOf(groups[index] ?? first),
    },
  ];
  const possible = steps.filter((step) =>
    groups.some((group) => group.moments[step.from] && group.moments[step.to]),
  );
  if (groups.length > 1 && possible.length > 0) {
    slots.push({
      id: `${study.name}-recall-gains`,
      title: "Which classes gain, and which lose",
      choose: "Gain",
      labels: possible.map(gainName),
      draws: "all",
      figure: (index) => {
        const step = possible[index] ?? steps[0];
        return overview(study, step.from, step.to);
      },
    });
  }
  return slots;
}
