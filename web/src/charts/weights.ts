// What sleep did to the weights.

import { columnsFor, type Figure, type Slot, single } from "../figure";
import { type Group, mostGained, type Study } from "../report";
import { momentScales } from "../theme";
import { layerName, momentNames, percent, short } from "../words";

function rowsOf(groups: Group[]) {
  return groups.flatMap((group) =>
    (group.layers ?? []).flatMap((layer, l) => {
      if (!layer.strengthened || !layer.weakened) return [];
      const up = layer.strengthened.mean ?? 0;
      const down = layer.weakened.mean ?? 0;
      return [
        {
          group: group.label,
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

function changes(study: Study): Figure {
  const rows = rowsOf(study.groups);
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
      const labels = frame.width < 560 ? 100 : 230;
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
              axis: { labelExpr: "format(abs(datum.value), '~%')", tickCount: 4 },
            },
            color: {
              field: "kind",
              type: "nominal",
              scale: {
                domain: ["Weakened", "Strengthened"],
                range: [frame.theme.low, frame.theme.high],
              },
              legend: { orient: "top", title: null },
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
          ...fields.flatMap((field) => [before?.[field], after?.[field]]),
        ];
      }),
    },
  };
}

function histogram(group: Group): Figure {
  const bins = group.histograms ?? [];
  const layers = [...new Set(bins.map((bin) => bin.layer))].sort((a, b) => a - b);
  const count = group.layers?.length ?? layers.length + 1;
  const values = bins.map((bin) => ({
    ...bin,
    moment: momentNames[bin.moment],
    shown: Math.max(bin.count, 0.5),
    range: `${short(bin.low)} to ${short(bin.high)}`,
  }));
  const seed = group.seeds[0];
  return {
    caption: `Weights into each layer before and after sleep, seed ${seed}; the number of weights on a logarithmic scale.`,
    summary: `Histograms of the weights of ${group.label} into ${layers.length} layers. ${layers
      .map((l) => {
        const layer = group.layers?.[l];
        return `${layerName(l, count)}: deviation ${short(layer?.before?.deviation)} before, ${short(layer?.after?.deviation)} after`;
      })
      .join("; ")}.`,
    spec: (frame) => {
      const { columns, width, gap } = columnsFor(frame, layers.length, 220);
      const scales = momentScales(frame.theme, [momentNames.before, momentNames.after_sleep]);
      return {
        data: { values },
        columns,
        spacing: gap,
        concat: layers.map((l) => ({
          title: { text: layerName(l, count), anchor: "start" },
          transform: [{ filter: { field: "layer", equal: l } }],
          width,
          height: 180,
          mark: { type: "line", interpolate: "step", strokeWidth: 1.75 },
          encoding: {
            x: {
              field: "low",
              type: "quantitative",
              title: "Weight",
              axis: { tickCount: 5, grid: false },
            },
            y: {
              field: "shown",
              type: "quantitative",
              title: "Weights",
              scale: { type: "log", domainMin: 0.5 },
              axis: { format: "~s", tickCount: 4 },
            },
            color: {
              field: "moment",
              type: "nominal",
              scale: scales.color,
              legend: { orient: "top", title: null },
            },
            tooltip: [
              { field: "range", title: "weights from" },
              { field: "moment", title: "moment" },
              { field: "count", title: "number", format: "," },
            ],
          },
        })),
        resolve: { scale: { x: "independent", y: "independent" } },
      };
    },
    table: {
      columns: ["layer", "moment", "from", "to", "weights"],
      rows: bins.map((bin) => [
        layerName(bin.layer, count),
        momentNames[bin.moment],
        bin.low,
        bin.high,
        bin.count,
      ]),
    },
  };
}

export function weightSlots(study: Study): Slot[] {
  const slots: Slot[] = [];
  if (rowsOf(study.groups).length > 0) {
    slots.push(
      single(`${study.name}-weights`, "Weights strengthened and weakened", changes(study)),
    );
  }
  const groups = study.groups.filter((group) => (group.histograms?.length ?? 0) > 0);
  const first = groups[0];
  if (first) {
    slots.push({
      id: `${study.name}-histograms`,
      title: "Weights before and after sleep",
      choose: "Configuration",
      labels: groups.map((group) => group.label),
      start: mostGained(groups),
      draws: "all",
      figure: (index) => histogram(groups[index] ?? first),
    });
  }
  return slots;
}
