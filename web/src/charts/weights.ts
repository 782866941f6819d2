// What sleep did to the weights.

import { type Figure, labelRoom, legendAbove, type Slot } from "../figure";
import { partsOf } from "../parts";
import type { Group, Study } from "../report";
import { rowNames, whichSleep } from "../sequences";
import { layerName, percent } from "../words";

function rowsOf(study: Study, groups: Group[]) {
  const names = rowNames(study, groups);
  return groups.flatMap((group, g) =>
    (group.layers ?? []).flatMap((layer, l) => {
      if (!layer.strengthened || !layer.weakened) return [];
      const up = layer.strengthened.mean ?? 0;
      const down = layer.weakened.mean ?? 0;
      return [
        {
          group: names[g] ?? "",
          layer: layerName(l, group.layers?.length ?? 0),
          index: l,
          up,
          down,
          layerData: layer,
        },
      ];
    }),
  );
}

function figureOf(study: Study, groups: Group[]): Figure {
  const rows = rowsOf(study, groups);
  const values = rows.flatMap(({ group, layer, index, up, down }) => [
    { group, layer, index, kind: "Strengthened", part: up, text: percent(up, 2) },
    { group, layer, index, kind: "Weakened", part: -down, text: percent(down, 2) },
  ]);
  const layers = [...new Set(rows.map((row) => row.layer))];
  const mostly = rows.filter((row) => row.down > row.up).length;
  return {
    caption:
      "Part of the weights into each layer that sleep made larger (right) and smaller (left), mean over seeds.",
    summary: `In ${mostly} of ${rows.length} layers more weights were weakened than strengthened. ${layers
      .map((name) => {
        const of = rows.filter((row) => row.layer === name);
        const mean = (pick: (row: (typeof of)[number]) => number) =>
          of.reduce((sum, row) => sum + pick(row), 0) / of.length;
        return `${name}: ${percent(
          mean((row) => row.up),
          2,
        )} strengthened, ${percent(
          mean((row) => row.down),
          2,
        )} weakened on average`;
      })
      .join("; ")}.`,
    spec: (frame) => {
      const labels = labelRoom(
        frame,
        rows.map((row) => row.group),
      );
      const least = 150;
      const room = frame.width - labels;
      const columns = Math.max(1, Math.min(layers.length, Math.floor(room / (least + 24))));
      const stacked = columns < layers.length;
      const count = stacked ? 1 : columns;
      const width = Math.floor((room - 24 * count) / count);
      return {
        data: { values },
        columns: count,
        spacing: 24,
        concat: layers.map((name, i) => ({
          title: { text: name, anchor: "start" },
          transform: [{ filter: { field: "layer", equal: name } }],
          width,
          height: { step: 16 },
          mark: { type: "bar", height: 10 },
          encoding: {
            y: {
              field: "group",
              type: "nominal",
              sort: null,
              title: null,
              axis:
                stacked || i === 0 ? { labelLimit: labels - 12 } : { labels: false, ticks: false },
            },
            x: {
              field: "part",
              type: "quantitative",
              title: null,
              axis: { labelExpr: "format(abs(datum.value), '~%')", tickCount: 3 },
            },
            color: {
              field: "kind",
              type: "nominal",
              scale: {
                domain: ["Weakened", "Strengthened"],
                range: [frame.theme.low, frame.theme.high],
              },
              legend: legendAbove(frame, ["Weakened", "Strengthened"], labels, true),
            },
            tooltip: [
              { field: "group", title: "configuration" },
              { field: "layer", title: "weights into" },
              { field: "kind", title: "change" },
              { field: "text", title: "part of the weights" },
            ],
          },
        })),
      };
    },
    table: {
      columns: [
        "configuration",
        "layer",
        "strengthened",
        "weakened",
        "strengthened strongly",
        "weakened strongly",
        ...["mean", "deviation", "lowest", "highest", "positive part", "sparsity"].flatMap(
          (name) => [`${name} before`, `${name} after`],
        ),
      ],
      rows: rows.map((row) => {
        const { before, after } = row.layerData;
        const fields = ["mean", "deviation", "low", "high", "positive", "sparsity"] as const;
        return [
          row.group,
          row.layer,
          Number(row.up.toPrecision(5)),
          Number(row.down.toPrecision(5)),
          row.layerData.strengthened_strongly?.mean,
          row.layerData.weakened_strongly?.mean,
          ...fields.flatMap((field) => [before?.[field], after?.[field]]),
        ];
      }),
    },
  };
}

export function weightSlot(study: Study): Slot | null {
  const groups = study.groups.filter((group) => rowsOf(study, [group]).length > 0);
  if (groups.length === 0) return null;
  const parts = partsOf(study, groups);
  return {
    id: `${study.name}-weights`,
    title: `Weights strengthened and weakened${whichSleep(study)}`,
    choose: "Data",
    labels: parts.map((part) => part.label),
    draws: "all",
    figure: (index) => figureOf(study, (parts[index] ?? { groups }).groups),
  };
}
