// How the weights are distributed, before sleep and after.

import { columnsFor, type Figure, legendAbove, type Slot } from "../figure";
import { type Group, mostGained, type Study } from "../report";
import { whichSleep } from "../sequences";
import { momentScales } from "../theme";
import { layerName, momentNames, short } from "../words";

function binsOf(group: Group) {
  const count = (group.histograms?.length ?? 0) + 1;
  return (group.histograms ?? []).flatMap((histogram, l) =>
    (["before", "after_sleep"] as const).flatMap((moment) => {
      const counts = histogram[moment];
      const width = (histogram.high - histogram.low) / counts.length;
      return counts.map((weights, bin) => {
        const low = Number((histogram.low + bin * width).toPrecision(5));
        const high = Number((histogram.low + (bin + 1) * width).toPrecision(5));
        return { layer: layerName(l + 1, count), moment: momentNames[moment], low, high, weights };
      });
    }),
  );
}

function figureOf(group: Group): Figure {
  const bins = binsOf(group);
  const layers = [...new Set(bins.map((bin) => bin.layer))];
  const values = bins.map((bin) => ({
    ...bin,
    shown: Math.max(bin.weights, 0.5), // a logarithmic scale has no 0
    range: `${short(bin.low)} to ${short(bin.high)}`,
  }));
  return {
    caption: `Weights into each layer before and after sleep, seed ${group.seeds[0]}; the number of weights on a logarithmic scale.`,
    summary: `Histograms of the weights of ${group.label}. ${layers
      .map((name, l) => {
        const layer = group.layers?.[l + 1];
        return `${name}: deviation ${short(layer?.before?.deviation)} before, ${short(layer?.after?.deviation)} after`;
      })
      .join("; ")}.`,
    spec: (frame) => {
      const { columns, width, gap } = columnsFor(frame, layers.length, 220);
      const scales = momentScales(frame.theme, [momentNames.before, momentNames.after_sleep]);
      return {
        data: { values },
        columns,
        spacing: gap,
        concat: layers.map((name) => ({
          title: { text: name, anchor: "start" },
          transform: [{ filter: { field: "layer", equal: name } }],
          width,
          height: 180,
          mark: { type: "line", interpolate: "step-after", strokeWidth: 1.75 },
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
              legend: legendAbove(frame, scales.color.domain),
            },
            tooltip: [
              { field: "range", title: "weights from" },
              { field: "moment", title: "moment" },
              { field: "weights", title: "number", format: "," },
            ],
          },
        })),
        resolve: { scale: { x: "independent", y: "independent" } },
      };
    },
    table: {
      columns: ["layer", "moment", "from", "to", "weights"],
      rows: bins.map((bin) => [bin.layer, bin.moment, bin.low, bin.high, bin.weights]),
    },
  };
}

export function histogramSlot(study: Study): Slot | null {
  const groups = study.groups.filter((group) => (group.histograms?.length ?? 0) > 0);
  const first = groups[0];
  if (!first) return null;
  return {
    id: `${study.name}-histograms`,
    title: `Weights before and after sleep${whichSleep(study)}`,
    choose: "Configuration",
    labels: groups.map((group) => group.label),
    start: mostGained(groups),
    draws: "all",
    figure: (index) => figureOf(groups[index] ?? first),
  };
}
