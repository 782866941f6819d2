// How often the layers fired during sleep.

import { type Figure, labelRoom, legendAbove, type Slot, titleLines } from "../figure";
import { partsOf } from "../parts";
import type { Group, Study } from "../report";
import { rowNames, whichSleep } from "../sequences";
import { layerName, short } from "../words";

function figureOf(study: Study, groups: Group[]): Figure {
  const names = rowNames(study, groups);
  const rows = groups.flatMap((group, g) =>
    (group.layers ?? []).map((layer, l) => ({
      group: names[g] ?? "",
      layer: layerName(l, group.layers?.length ?? 0),
      rate: layer.rate.mean ?? 0,
      deviation: layer.rate.deviation,
      threshold: layer.threshold,
      units: layer.units,
      text: `${short(layer.rate.mean)}${layer.rate.deviation == null ? "" : ` ± ${short(layer.rate.deviation)}`}`,
      limit: short(layer.threshold) || "–",
    })),
  );
  const layers = [...new Set(rows.map((row) => row.layer))];
  const silent = rows.filter((row) => row.rate === 0).length;
  return {
    caption:
      "Spikes per unit and step, mean over seeds, on a logarithmic scale. A layer that stayed silent has no point.",
    summary: `Mean rates by layer: ${layers
      .map((name) => {
        const rates = rows.filter((row) => row.layer === name).map((row) => row.rate);
        return `${name} from ${short(Math.min(...rates))} to ${short(Math.max(...rates))}`;
      })
      .join("; ")}. Silent layers: ${silent}.`,
    spec: (frame) => {
      const labels = labelRoom(
        frame,
        rows.map((row) => row.group),
      );
      const colors = [frame.theme.quiet, ...frame.theme.moments.slice(0, 3)];
      const shapes = ["cross", "circle", "square", "triangle-up"];
      return {
        data: { values: rows.filter((row) => row.rate > 0) },
        width: Math.max(120, frame.width - labels - 24),
        height: { step: 18 },
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: {
          y: {
            field: "group",
            type: "nominal",
            sort: null,
            title: null,
            axis: { labelLimit: labels - 12, grid: true },
          },
          x: {
            field: "rate",
            type: "quantitative",
            title: titleLines(frame, "Spikes per unit and step"),
            scale: { type: "log" },
            axis: { format: "~g", tickCount: 4, labelOverlap: "greedy" },
          },
          color: {
            field: "layer",
            type: "nominal",
            scale: { domain: layers, range: layers.map((_, i) => colors[i % colors.length]) },
            legend: legendAbove(frame, layers, labels),
          },
          shape: {
            field: "layer",
            type: "nominal",
            scale: { domain: layers, range: layers.map((_, i) => shapes[i % shapes.length]) },
          },
          tooltip: [
            { field: "group", title: "configuration" },
            { field: "layer", title: "layer" },
            { field: "text", title: "spikes per unit and step" },
            { field: "limit", title: "threshold" },
          ],
        },
      };
    },
    table: {
      columns: ["configuration", "layer", "units", "rate", "± rate", "threshold"],
      rows: rows.map((row) => [
        row.group,
        row.layer,
        row.units,
        row.rate,
        row.deviation,
        row.threshold,
      ]),
    },
  };
}

export function activitySlot(study: Study): Slot | null {
  const groups = study.groups.filter((group) => (group.layers?.length ?? 0) > 0);
  if (groups.length === 0) return null;
  const parts = partsOf(study, groups);
  return {
    id: `${study.name}-activity`,
    title: `Firing during sleep${whichSleep(study)}`,
    choose: "Data",
    labels: parts.map((part) => part.label),
    draws: "all",
    figure: (index) => figureOf(study, (parts[index] ?? { groups }).groups),
  };
}
