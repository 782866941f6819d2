// Which classes a layer answers alike, before sleep and after.

import { columnsFor, type Figure, type Frame, type Slot } from "../figure";
import { type Group, mostGained, type Study } from "../report";
import { whichSleep } from "../sequences";
import { momentNames, short } from "../words";
import { responsesOf } from "./responses";

/// Of pair k: its classes.
function pairsOf(count: number): [number, number][] {
  const classes = Math.round((1 + Math.sqrt(1 + 8 * count)) / 2);
  const pairs: [number, number][] = [];
  for (let a = 0; a < classes; ++a) for (let b = a + 1; b < classes; ++b) pairs.push([a, b]);
  return pairs;
}

function figureOf(group: Group): Figure {
  const layers = responsesOf(group);
  const pairs = pairsOf(layers[0]?.before.correlations.length ?? 0);
  return {
    caption:
      "Correlation over the layer's units of the mean responses to two classes; means over seeds.",
    summary: `Correlations between classes' responses of ${group.label}. ${layers
      .map(
        (layer) =>
          `${layer.name}: ${short(layer.before.class_correlation.mean)} before, ${short(layer.after.class_correlation.mean)} after sleep on average`,
      )
      .join("; ")}.`,
    spec: (frame: Frame) => {
      const { theme } = frame;
      const fitting = columnsFor(frame, layers.length, 110);
      const beside = fitting.columns === layers.length;
      const side = Math.min(fitting.width, 190);
      // Layers beside each other and the moments below, or where that is too wide, the other way.
      const of = (moment: "before" | "after") =>
        layers.map((layer) => ({
          title: layer.name,
          moment: moment === "before" ? momentNames.before : momentNames.after_sleep,
          values: layer[moment].correlations,
        }));
      const [before, after] = [of("before"), of("after")];
      const panels = beside
        ? [...before, ...after]
        : before.flatMap((panel, i) => [panel, ...after.slice(i, i + 1)]);
      const columns = beside ? layers.length : Math.min(2, fitting.columns);
      const known = panels.flatMap((panel) => panel.values.filter((value) => value != null));
      const lowest = Math.min(0.9, Math.floor(10 * Math.min(...known)) / 10);
      const scale =
        lowest < 0
          ? { domain: [-1, 0, 1], range: [theme.low, theme.paper, theme.high], interpolate: "rgb" }
          : { domain: [lowest, 1], range: [theme.ramp[1], theme.ramp[4]], interpolate: "rgb" };
      return {
        columns,
        spacing: fitting.gap,
        concat: panels.map((panel) => ({
          title: { text: panel.title, subtitle: panel.moment, anchor: "start" },
          data: {
            values: pairs.flatMap(([a, b], k) => {
              const value = panel.values[k];
              return value == null
                ? []
                : [
                    { a, b, value },
                    { a: b, b: a, value },
                  ];
            }),
          },
          width: side,
          height: side,
          mark: { type: "rect", stroke: theme.line, strokeWidth: 0.5 },
          encoding: {
            x: { field: "a", type: "ordinal", title: "Class", axis: { labelAngle: 0 } },
            y: { field: "b", type: "ordinal", title: "Class" },
            color: {
              field: "value",
              type: "quantitative",
              scale,
              legend: {
                title: "Correlation",
                orient: "bottom",
                direction: "horizontal",
                gradientLength: 160,
                tickCount: 3,
              },
            },
            tooltip: [
              { field: "a", title: "class" },
              { field: "b", title: "and class" },
              { field: "value", title: "correlation" },
            ],
          },
        })),
        resolve: { scale: { color: "shared" } },
      };
    },
    table: {
      columns: ["layer", "class", "and class", momentNames.before, momentNames.after_sleep],
      rows: layers.flatMap((layer) =>
        pairs.map(([a, b], k) => [
          layer.name,
          a,
          b,
          layer.before.correlations[k],
          layer.after.correlations[k],
        ]),
      ),
    },
  };
}

export function correlationSlot(study: Study): Slot | null {
  const groups = study.groups.filter((group) =>
    responsesOf(group).some((layer) => layer.before.correlations.length > 0),
  );
  const first = groups[0];
  if (!first) return null;
  return {
    id: `${study.name}-correlations`,
    title: `Which classes are answered alike${whichSleep(study)}`,
    choose: "Configuration",
    labels: groups.map((group) => group.label),
    start: mostGained(groups),
    draws: "all",
    figure: (index) => figureOf(groups[index] ?? first),
  };
}
