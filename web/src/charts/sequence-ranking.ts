// What is left in the end, and what was forgotten, of all that learned the same tasks, best first.

import { type Figure, legendAbove, type Slot, slotOf } from "../figure";
import { type Estimate, type Study, sequenceNumbers } from "../report";
import { kindOf, kindScales, kinds, namesOf, ranked, type Tasks, tasksOf } from "../sequences";
import { counted, percent } from "../words";

const panels = [
  { key: "accuracy", title: "Accuracy in the end" },
  { key: "forgetting", title: "Forgetting" },
] as const;

// On a phone a name has two lines.
function inLines(name: string): string {
  const parts = name.split(" · ");
  const first = parts.length > 2 ? 2 : 1;
  return [parts.slice(0, first), parts.slice(first)].map((line) => line.join(" · ")).join("\n");
}

function written(found: Estimate): string {
  return found.low == null
    ? percent(found.mean)
    : `${percent(found.mean)} [${percent(found.low)}, ${percent(found.high)}]`;
}

function figureOf(study: Study, tasks: Tasks): Figure {
  const groups = ranked(tasks.groups);
  const names = namesOf(study, groups);
  const rows = groups.flatMap((group, i) =>
    panels.flatMap(({ key }) => {
      const found = group.sequence.numbers[key];
      if (found.mean == null) return [];
      return [
        {
          panel: key,
          row: names[i] ?? "",
          kind: kindOf(group),
          mean: found.mean,
          low: found.low ?? found.mean,
          high: found.high ?? found.mean,
          text: written(found),
          n: found.n,
        },
      ];
    }),
  );
  const present = kinds.filter((kind) => rows.some((row) => row.kind === kind));
  const bestOf = (kind: string) =>
    rows.find((row) => row.panel === "accuracy" && row.kind === kind);
  return {
    caption:
      "Accuracy on all test images when all tasks have been learned, best first, and forgetting: how much of the accuracy on earlier tasks was lost since it was highest (below 0: gained), mean over tasks. Points are means over seeds; lines, 95% bootstrap confidence intervals. Those that saw all tasks at once have nothing to forget.",
    summary: `${counted(groups.length, "configuration")}${tasks.label ? ` on ${tasks.label}` : ""}. The best of each kind in the end: ${present
      .map((kind) => {
        const best = bestOf(kind);
        return best ? `${kind.toLowerCase()}: ${best.row}, ${best.text}` : "";
      })
      .join("; ")}.`,
    spec: (frame) => {
      const narrow = frame.width < 560;
      const longest = Math.max(...names.map((name) => name.length));
      const labels = narrow ? 150 : Math.min(340, Math.ceil(longest * 6.3) + 16);
      const values = rows.map((row) => ({ ...row, label: narrow ? inLines(row.row) : row.row }));
      const scales = kindScales(frame.theme, present);
      const room = frame.width - labels - 16;
      const beside = room >= 400;
      const gap = 28;
      const width = Math.max(100, beside ? Math.floor((room - gap) / panels.length) - 8 : room - 8);
      const low = Math.min(0, ...rows.map((row) => row.low));
      return {
        data: { values },
        columns: beside ? panels.length : 1,
        spacing: gap,
        concat: panels.map(({ key, title }, i) => {
          const x = {
            type: "quantitative",
            title: null,
            scale: { domain: [key === "accuracy" ? 0 : low, 1] },
            axis: { format: ".0%", tickCount: width < 200 ? 3 : 6 },
          };
          const labelled = !beside || i === 0;
          return {
            title: { text: title, anchor: "start" },
            transform: [{ filter: { field: "panel", equal: key } }],
            width,
            height: { step: narrow ? 30 : 23 },
            encoding: {
              y: {
                field: "label",
                type: "nominal",
                title: null,
                sort: null,
                ...(beside ? { scale: { domain: names } } : {}),
                axis: {
                  labels: labelled,
                  ticks: labelled,
                  labelLimit: labels - 8,
                  grid: true,
                  ...(narrow ? { labelExpr: "split(datum.label, '\\n')", labelFontSize: 10 } : {}),
                },
              },
              color: {
                field: "kind",
                type: "nominal",
                scale: scales.color,
                legend: legendAbove(frame, present, labels, true),
              },
            },
            layer: [
              {
                mark: { type: "rule", strokeWidth: 1.75 },
                encoding: { x: { ...x, field: "low" }, x2: { field: "high" } },
              },
              {
                mark: { type: "point", filled: true, size: 60, opacity: 1 },
                encoding: {
                  x: { ...x, field: "mean" },
                  shape: { field: "kind", type: "nominal", scale: scales.shape },
                  tooltip: [
                    { field: "row", title: "configuration" },
                    { field: "text", title: "mean [95% interval]" },
                    { field: "n", title: "seeds" },
                  ],
                },
              },
            ],
          };
        }),
      };
    },
    table: {
      columns: [
        "configuration",
        "kind",
        "seeds",
        "stored images",
        "reads other old images",
        ...sequenceNumbers.flatMap((key) => [
          key.replaceAll("_", " "),
          `${key.replaceAll("_", " ")}: 95% low`,
          "95% high",
        ]),
      ],
      rows: groups.map((group, i) => [
        names[i],
        kindOf(group),
        group.sequence.numbers.accuracy.n,
        group.sequence.stored,
        group.sequence.reads_old ? "yes" : "no",
        ...sequenceNumbers.flatMap((key) => {
          const found = group.sequence.numbers[key];
          return [found.mean, found.low, found.high];
        }),
      ]),
    },
  };
}

export function sequenceRankingSlot(study: Study): Slot | null {
  return slotOf(
    {
      id: `${study.name}-sequences`,
      title: "What is left in the end, ranked",
      choose: "Tasks",
      draws: "all",
    },
    tasksOf(study),
    (part) => part.label,
    (part) => figureOf(study, part),
  );
}
