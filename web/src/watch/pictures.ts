// Pictures of one moment of a sleep: the noise, weights, confusions, and what some images are taken for.

import type { Frame } from "hypnos-engine";
import { element } from "../element";
import { between, color, fit, picture, rgb, type Surface, surface } from "./canvas";
import { fields, type PageData } from "./data";
import type { Recorded } from "./recorded";

/// What is drawn anew at each moment.
export interface Picture {
  node: HTMLElement;
  draw(frame: Frame, position: number, recorded: Recorded): void;
}

function widthOf({ node }: Surface, most: number): number {
  return Math.min(most, node.parentElement?.clientWidth ?? most);
}

/// The input units that fired at the last steps; older spikes fade.
export function noise(data: PageData): Picture {
  const shown = surface("Input spikes of the last steps");
  const steps = 12;
  return {
    node: shown.node,
    draw(_frame, position, recorded) {
      const light = new Float32Array(data.rows * data.columns);
      const now = Math.floor(position);
      recorded.between(Math.max(0, now - steps), now, (step, layer, unit) => {
        if (layer === 0) light[unit] = 1 - (now - step - 1) / steps;
      });
      const width = widthOf(shown, 280);
      fit(shown, width, (width * data.rows) / data.columns);
      const [paper, ink] = [rgb("ground"), rgb("warm")];
      picture(shown, light, data.columns, { x: 0, y: 0, width }, (part) =>
        between(paper, ink, part),
      );
    },
  };
}

/// What the sleep has done to the weights of the first hidden units, each as an image.
export function changes(data: PageData): Picture {
  const shown = surface("Changes of the weights from the input to some hidden units");
  const across = 6;
  const size = data.rows * data.columns;
  return {
    node: shown.node,
    draw(frame) {
      const width = widthOf(shown, 340);
      const side = (width + 4) / across;
      fit(shown, width, side * Math.ceil(fields / across) - 4);
      const change = frame.fields.map((w, i) => w - (data.weights[i] ?? 0));
      const largest = change.reduce((most, w) => Math.max(most, Math.abs(w)), 1e-12);
      const [same, low, high] = [rgb("ground"), rgb("warm"), rgb("accent")];
      for (let unit = 0; unit < fields; ++unit) {
        const field = change.subarray(unit * size, (unit + 1) * size);
        const place = {
          x: (unit % across) * side,
          y: Math.floor(unit / across) * side,
          width: side - 4,
        };
        picture(shown, field, data.columns, place, (w) =>
          between(same, w < 0 ? low : high, Math.sqrt(Math.abs(w) / largest)),
        );
      }
    },
  };
}

function confusionsOf(data: PageData, answers: Uint32Array): number[][] {
  const counts = data.classes.map(() => data.classes.map(() => 0));
  data.labels.forEach((label, i) => {
    const row = counts[label];
    const answer = answers[i] ?? 0;
    if (row) row[answer] = (row[answer] ?? 0) + 1;
  });
  return counts;
}

/// Rows are classes, columns answers.
export function confusions(data: PageData): Picture {
  const shown = surface("Confusions: rows are classes, columns answers");
  const room = 58; // for names
  const classes = data.classes.length;
  return {
    node: shown.node,
    draw(frame) {
      const width = widthOf(shown, 340);
      const side = (width - room) / classes;
      fit(shown, width, side * classes + room);
      const { context } = shown;
      const [paper, ink] = [rgb("paper"), rgb("accent")];
      context.font = "11px system-ui, sans-serif";
      context.textBaseline = "middle";
      confusionsOf(data, frame.answers).forEach((row, label) => {
        const all = row.reduce((sum, count) => sum + count, 0);
        row.forEach((count, answer) => {
          const part = all ? count / all : 0;
          context.fillStyle = `rgb(${between(paper, ink, part).join()})`;
          context.fillRect(room + answer * side, label * side, side - 1, side - 1);
        });
        context.fillStyle = color("quiet");
        context.textAlign = "right";
        context.fillText(data.classes[label] ?? "", room - 5, (label + 0.5) * side);
        context.save();
        context.translate(room + (label + 0.5) * side, classes * side + 5);
        context.rotate(-Math.PI / 2);
        context.fillText(data.classes[label] ?? "", 0, 0);
        context.restore();
      });
    },
  };
}

/// Some test images, and what they are taken for.
export function answers(data: PageData): Picture {
  const some = 18;
  const list = element("ol", { class: "answers-list" });
  const names: HTMLElement[] = [];
  const pictures: Surface[] = [];
  for (let i = 0; i < some; ++i) {
    const shown = surface(data.classes[data.labels[i] ?? 0] ?? "");
    const name = element("span");
    names.push(name);
    pictures.push(shown);
    list.append(element("li", {}, shown.node, name));
  }
  return {
    node: list,
    draw(frame) {
      const [paper, ink] = [rgb("paper"), rgb("ink")];
      const size = data.rows * data.columns;
      pictures.forEach((shown, i) => {
        fit(shown, 56, 56);
        const image = data.images.subarray(i * size, (i + 1) * size);
        picture(shown, image, data.columns, { x: 0, y: 0, width: 56 }, (pixel) =>
          between(paper, ink, pixel / 255),
        );
      });
      names.forEach((name, i) => {
        const answer = frame.answers[i] ?? 0;
        const right = answer === data.labels[i];
        name.textContent = `${right ? "✓" : "✗"} ${data.classes[answer] ?? ""}`;
        name.className = right ? "right" : "wrong";
      });
    },
  };
}
