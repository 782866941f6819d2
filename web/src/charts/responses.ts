// How the units respond to test images, before sleep and after: how many of them, and how alike to
// different classes.

import { type Figure, type Frame, labelRoom, legendAbove, type Slot } from "../figure";
import { nameWithin, type Part, partsOf } from "../parts";
import type { Group, Study } from "../report";
import { whichSleep } from "../sequences";
import { momentScales } from "../theme";
import { layerName, momentNames, short } from "../words";

const kinds = [
  {
    key: "sparsity",
    name: "Sparsity",
    text: "Sparsity of the responses to an image (Treves and Rolls): 0 when all units of the layer respond alike, 1 when a single one does.",
  },
  {
    key: "class_correlation",
    name: "Correlation of classes",
    text: "Correlation over the layer's units of the mean responses to two classes, mean over pairs: the lower, the better classes are told apart.",
  },
  {
    key: "active",
    name: "Active part",
    text: "Part of the responses of units to images that are above zero.",
  },
] as const;
type Kind = (typeof kinds)[number];

/// Of the layers where somebody has looked.
export function responsesOf(group: Group) {
  const count = group.layers?.length ?? 0;
  return (group.layers ?? []).flatMap((layer, l) =>
    layer.responses ? [{ name: layerName(l, count), ...layer.responses }] : [],
  );
}

function rowsOf(study: Study, groups: Group[], kind: Kind) {
  return groups.flatMap((group) =>
    responsesOf(group).flatMap((layer) => {
      const before = layer.before[kind.key];
      const after = layer.after[kind.key];
      if (before.mean == null || after.mean == null) return [];
      return [{ group: nameWithin(study, group, groups), layer: layer.name, before, after }];
    }),
  );
}

function overview(study: Study, kind: Kind, part: Part): Figure {
  const rows = rowsOf(study, part.groups, kind);
  const layers = [...new Set(rows.map((row) => row.layer))];
  const written = (value: { mean: number | null; deviation: number | null }) =>
    `${short(value.mean)}${value.deviation == null ? "" : ` ± ${short(value.deviation)}`}`;
  const points = rows.flatMap(({ group, layer, before, after }) => [
    { group, layer, moment: momentNames.before, value: before.mean, text: written(before) },
    { group, layer, moment: momentNames.after_sleep, value: after.mean, text: written(after) },
  ]);
  const lines = rows.map((row) => ({
    group: row.group,
    layer: row.layer,
    from: row.before.mean,
    to: row.after.mean,
  }));
  return {
    caption: `${kind.text} Means over seeds.`,
    summary: `${kind.name} of the responses. ${layers
      .map((name) => {
        const of = lines.filter((row) => row.layer === name);
        const mean = (pick: (row: (typeof of)[number]) => number | null) =>
          of.reduce((sum, row) => sum + (pick(row) ?? 0), 0) / of.length;
        return `${name}: ${short(mean((row) => row.from))} before, ${short(mean((row) => row.to))} after sleep on average`;
      })
      .join("; ")}.`,
    spec: (frame: Frame) => {
      const labels = labelRoom(
        frame,
        rows.map((row) => row.group),
      );
      const room = frame.width - labels;
      const fitting = Math.max(1, Math.min(layers.length, Math.floor(room / 174)));
      const columns = fitting < layers.length ? 1 : fitting;
      const scales = momentScales(frame.theme, [momentNames.before, momentNames.after_sleep]);
      const y = (first: boolean) => ({
        field: "group",
        type: "nominal",
        sort: null,
        title: null,
        axis: first ? { labelLimit: labels - 12, grid: true } : { labels: false, ticks: false },
      });
      const x = {
        type: "quantitative",
        title: null,
        scale: kind.key === "class_correlation" ? { zero: false } : { domain: [0, 1] },
        axis: { tickCount: 3, format: "~g" },
      };
      return {
        columns,
        spacing: 24,
        concat: layers.map((name, i) => ({
          title: { text: name, anchor: "start" },
          width: Math.floor((room - 24 * columns) / columns),
          height: { step: 18 },
          layer: [
            {
              data: { values: lines.filter((row) => row.layer === name) },
              mark: { type: "rule", color: frame.theme.quiet, opacity: 0.6, strokeWidth: 1.5 },
              encoding: {
                y: y(columns === 1 || i === 0),
                x: { ...x, field: "from" },
                x2: { field: "to" },
              },
            },
            {
              data: { values: points.filter((row) => row.layer === name) },
              mark: { type: "point", filled: true, size: 55, opacity: 1 },
              encoding: {
                y: y(columns === 1 || i === 0),
                x: { ...x, field: "value" },
                color: {
                  field: "moment",
                  type: "nominal",
                  scale: scales.color,
                  legend: legendAbove(frame, scales.color.domain, labels, true),
                },
                shape: { field: "moment", type: "nominal", scale: scales.shape },
                tooltip: [
                  { field: "group", title: "configuration" },
                  { field: "layer", title: "layer" },
                  { field: "moment", title: "moment" },
                  { field: "text", title: kind.name.toLowerCase() },
                ],
              },
            },
          ],
        })),
      };
    },
    table: {
      columns: [
        "configuration",
        "layer",
        "sleeps",
        ...kinds.flatMap(({ name }) => [`${name} before`, "± before", `${name} after`, "± after"]),
      ],
      rows: part.groups.flatMap((group) =>
        responsesOf(group).map((layer) => [
          group.label,
          layer.name,
          layer.before.sparsity.n,
          ...kinds.flatMap(({ key }) => [
            layer.before[key].mean,
            layer.before[key].deviation,
            layer.after[key].mean,
            layer.after[key].deviation,
          ]),
        ]),
      ),
    },
  };
}

export function responseSlot(study: Study): Slot | null {
  const groups = study.groups.filter((group) => responsesOf(group).length > 0);
  if (groups.length === 0) return null;
  const choices = partsOf(study, groups).flatMap((part) =>
    kinds.map((kind) => ({
      kind,
      part,
      label: part.label ? `${kind.name} · ${part.label}` : kind.name,
    })),
  );
  return {
    id: `${study.name}-responses`,
    title: `Responses before and after sleep${whichSleep(study)}`,
    choose: "Show",
    labels: choices.map((choice) => choice.label),
    draws: "all",
    figure: (index) => {
      const choice = choices[index] ?? { kind: kinds[0], part: { label: "", groups } };
      return overview(study, choice.kind, choice.part);
    },
  };
}
