// One sleep from within: spikes, rates, the input, weights and accuracy along its steps.

import { columnsFor, type Figure, type Slot, single } from "../figure";
import type { Recording } from "../report";
import type { Cell } from "../table";
import { layerName, percent, short, whole } from "../words";

function layersOf(recording: Recording) {
  return recording.layers.map((layer, l) => ({
    ...layer,
    name: layerName(l, recording.layers.length),
  }));
}

function rasters(recording: Recording): Figure {
  const layers = layersOf(recording);
  const cells: Cell[][] = [];
  for (const layer of layers) {
    layer.raster_steps.forEach((step, i) => {
      cells.push([layer.name, step, layer.raster_units[layer.raster_rows[i] ?? 0]]);
    });
  }
  return {
    busy: true,
    caption: `Each mark is a spike; rows are units, evenly drawn from those that fired. ${layers
      .map((l) => {
        const until =
          l.raster_until < recording.steps ? `, the first ${whole(l.raster_until)} steps` : "";
        return `${l.name}: ${whole(l.raster_units.length)} of the ${whole(l.fired)} that fired, of ${whole(l.units)}${until}`;
      })
      .join("; ")}.`,
    summary: `Spike rasters over ${whole(recording.steps)} steps of sleep. ${layers
      .map((l) => `${l.name}: ${whole(l.fired)} of ${whole(l.units)} units fired`)
      .join("; ")}.`,
    spec: (frame) => {
      const width = columnsFor(frame, 1).width;
      return {
        spacing: 14,
        vconcat: layers.map((layer, i) => ({
          title: { text: layer.name, anchor: "start" },
          data: {
            values: layer.raster_steps.map((step, k) => ({
              step,
              row: layer.raster_rows[k],
              unit: layer.raster_units[layer.raster_rows[k] ?? 0],
            })),
          },
          width,
          height: Math.max(40, Math.min(150, layer.raster_units.length * 2)),
          mark: {
            type: "rect",
            width: 2,
            height: Math.max(
              1.2,
              Math.min(150, layer.raster_units.length * 2) /
                Math.max(1, layer.raster_units.length) -
                0.6,
            ),
            color: i === 0 ? frame.theme.quiet : frame.theme.moments[(i - 1) % 3],
          },
          encoding: {
            x: {
              field: "step",
              type: "quantitative",
              title: i === layers.length - 1 ? "Step" : null,
              scale: { domain: [0, recording.steps], nice: false },
              axis: {
                labels: i === layers.length - 1,
                grid: false,
                format: ",d",
                labelFlush: true,
                tickCount: 6,
              },
            },
            y: {
              field: "row",
              type: "quantitative",
              title: "Unit",
              scale: { domain: [-0.5, layer.raster_units.length - 0.5], nice: false },
              axis: { labels: false, ticks: false, grid: false },
            },
            tooltip: [
              { field: "step", title: "step" },
              { field: "unit", title: "unit" },
            ],
          },
        })),
      };
    },
    table: { columns: ["layer", "step", "unit"], rows: cells },
  };
}

// Lines along the steps, a panel for each layer.
function lines(
  recording: Recording,
  names: string[],
  values: { step: number; layer: string; value: number }[],
  title: string,
  format: string,
  text: Pick<Figure, "caption" | "summary" | "table">,
): Figure {
  return {
    ...text,
    spec: (frame) => {
      const fitting = columnsFor(frame, names.length, 220);
      const { columns, gap } = fitting;
      const width = fitting.width - (columns === 1 ? 20 : 0); // small numbers are long
      return {
        data: { values },
        columns,
        spacing: gap,
        concat: names.map((name) => ({
          title: { text: name, anchor: "start" },
          transform: [{ filter: { field: "layer", equal: name } }],
          width,
          height: 150,
          mark: {
            type: "line",
            color: frame.theme.moments[1],
            strokeWidth: 1.75,
            point: values.length < 80 ? { color: frame.theme.moments[1], size: 30 } : false,
            tooltip: true,
          },
          encoding: {
            x: {
              field: "step",
              type: "quantitative",
              title: "Step",
              scale: { domain: [0, recording.steps], nice: false },
              axis: { grid: false, format: ",d", labelFlush: true, tickCount: 5 },
            },
            y: {
              field: "value",
              type: "quantitative",
              title,
              scale: { zero: format !== "" },
              axis: { ...(format && { format }), tickCount: 4 },
            },
            tooltip: [
              { field: "step", title: "step" },
              {
                field: "value",
                title: title.toLowerCase(),
                format: format === ".0%" ? ".1%" : ".4~g",
              },
            ],
          },
        })),
        resolve: { scale: { y: "independent" } },
      };
    },
  };
}

function rates(recording: Recording): Figure {
  const layers = layersOf(recording);
  const values = layers.flatMap((layer) =>
    layer.rates.map((value, bin) => ({
      step: bin * recording.bin_steps,
      layer: layer.name,
      value,
    })),
  );
  return lines(
    recording,
    layers.map((layer) => layer.name),
    values,
    "Spikes per unit and step",
    ".2~g",
    {
      caption: `Rates along the sleep, in bins of ${whole(recording.bin_steps)} steps.`,
      summary: layers
        .map((layer) => {
          const part = Math.max(1, Math.floor(layer.rates.length / 10));
          const mean = (some: number[]) =>
            some.reduce((a, b) => a + b, 0) / Math.max(1, some.length);
          return `${layer.name}: ${short(mean(layer.rates.slice(0, part)))} spikes per unit and step in the first tenth, ${short(mean(layer.rates.slice(-part)))} in the last`;
        })
        .join("; "),
      table: {
        columns: ["layer", "from step", "spikes per unit and step"],
        rows: values.map((row) => [row.layer, row.step, row.value]),
      },
    },
  );
}

function weights(recording: Recording): Figure {
  const count = recording.layers.length;
  const names = [...new Set(recording.states.map((state) => state.layer))].map((layer) =>
    layerName(layer, count),
  );
  const values = recording.states.map((state) => ({
    step: state.step,
    layer: layerName(state.layer, count),
    value: state.deviation,
  }));
  return lines(recording, names, values, "Deviation of the weights", "", {
    caption: "Standard deviation of the weights into each layer along the sleep.",
    summary: `Standard deviation of the weights: ${names
      .map((name) => {
        const of = values.filter((row) => row.layer === name);
        return `${name} from ${short(of[0]?.value)} to ${short(of[of.length - 1]?.value)}`;
      })
      .join("; ")}.`,
    table: {
      columns: ["step", "layer", "mean", "deviation", "lowest", "highest", "positive part"],
      rows: recording.states.map((s) => [
        s.step,
        layerName(s.layer, count),
        s.mean,
        s.deviation,
        s.low,
        s.high,
        s.positive,
      ]),
    },
  });
}

function trace(recording: Recording): Figure {
  const values = recording.trace.map((row) => ({ step: row.step, layer: "", value: row.accuracy }));
  const first = values[0];
  const last = values[values.length - 1];
  const best = values.reduce(
    (a, b) => (b.value > a.value ? b : a),
    values[0] ?? { step: 0, value: 0 },
  );
  return lines(recording, [""], values, "Training accuracy", ".0%", {
    caption: "Accuracy on the training samples along the sleep.",
    summary: `Training accuracy ${percent(first?.value)} before, ${percent(last?.value)} at step ${whole(last?.step ?? 0)}; at most ${percent(best.value)}, at step ${whole(best.step)}.`,
    table: {
      columns: ["step", "training accuracy"],
      rows: recording.trace.map((row) => [row.step, row.accuracy]),
    },
  });
}

function picture(input: NonNullable<Recording["input"]>): Figure {
  const place = (unit: number) => ({
    row: Math.floor(unit / input.columns),
    column: unit % input.columns,
    unit,
  });
  const mean = input.rates.map((rate, unit) => ({ ...place(unit), rate, text: short(rate) }));
  const all = input.rates.reduce((a, b) => a + b, 0);
  return {
    busy: true,
    caption:
      "The noise that drives the sleep: how often each input fires over all of it, and which fire at single steps.",
    summary: `Pictures of the input, ${input.rows} by ${input.columns}. On average ${short(all)} inputs fire at a step; the most active fires at ${percent(Math.max(...input.rates))} of the steps.`,
    spec: (frame) => {
      const { theme } = frame;
      const panels = 1 + input.moments.length;
      const perRow = Math.min(panels, Math.max(1, Math.floor(frame.width / 175)));
      const side = Math.min(200, Math.floor(frame.width / perRow) - 16);
      const base = (title: string, values: object[]) => ({
        title: { text: title, anchor: "start" },
        data: { values },
        width: side,
        height: Math.round((side * input.rows) / input.columns),
        view: { stroke: theme.line },
        encoding: {
          x: {
            field: "column",
            type: "quantitative",
            scale: { domain: [0, input.columns], nice: false },
            axis: null,
          },
          x2: { field: "right" },
          y: {
            field: "row",
            type: "quantitative",
            scale: { domain: [input.rows, 0], nice: false },
            axis: null,
          },
          y2: { field: "bottom" },
          tooltip: [{ field: "unit", title: "input" }] as object[],
        } as Record<string, unknown>,
        transform: [
          { calculate: "datum.column + 1", as: "right" },
          { calculate: "datum.row + 1", as: "bottom" },
        ],
      });
      const average = base("Mean over all steps", mean);
      average.encoding.color = {
        field: "rate",
        type: "quantitative",
        scale: { range: [theme.paper, theme.ramp[3], theme.ramp[4]], interpolate: "rgb" },
        legend: null,
      };
      average.encoding.tooltip = [
        { field: "unit", title: "input" },
        { field: "text", title: "spikes per step" },
      ];
      return {
        columns: perRow,
        spacing: 14,
        concat: [
          { ...average, mark: { type: "rect" } },
          ...input.moments.map((moment) => ({
            ...base(`Step ${whole(moment.step)}`, moment.units.map(place)),
            mark: { type: "rect", color: theme.ink },
          })),
        ],
        resolve: { scale: { color: "independent" } },
      };
    },
    table: {
      columns: ["input", "row", "column", "spikes per step"],
      rows: mean.map((cell) => [cell.unit, cell.row, cell.column, cell.rate]),
    },
  };
}

export function recordingSlots(recording: Recording): Slot[] {
  const slots = [
    single("recording-raster", "Spikes", rasters(recording)),
    single("recording-rates", "Rates along the sleep", rates(recording)),
  ];
  if (recording.input && recording.input.rates.length > 0) {
    slots.push(single("recording-input", "What the sleep sees", picture(recording.input)));
  }
  if (recording.trace.length > 0) {
    slots.push(single("recording-trace", "Accuracy along the sleep", trace(recording)));
  }
  if (new Set(recording.states.map((state) => state.step)).size > 1) {
    slots.push(single("recording-weights", "Weights along the sleep", weights(recording)));
  }
  return slots;
}
