// The course of a sleep: accuracy, and the spikes of the layers above the input, over its steps.

import { percent, whole } from "../words";
import { color, fit, surface } from "./canvas";
import type { PageData } from "./data";
import type { Recorded } from "./recorded";

const left = 44; // room for the scale
const gap = 26;
const accuracyHeight = 120;
const outputRow = 5;
const hiddenHeight = 130;

export class Course {
  private readonly shown = surface("Accuracy and spikes along the sleep");
  private readonly spikes = surface("Spikes"); // drawn as they come, and kept
  private drawn = 0; // steps whose spikes are on it
  private width = 0;
  readonly node = this.shown.node;

  constructor(
    private readonly data: PageData,
    private readonly recorded: () => Recorded,
    private readonly length: () => number,
  ) {}

  private units(layer: number): number {
    return this.data.layers[layer - 1]?.outputs ?? 0;
  }

  private bands(): { layer: number; name: string; top: number; height: number }[] {
    const layers = this.data.layers.length;
    let top = accuracyHeight + 2 * gap;
    const bands = [];
    for (let layer = layers; layer >= 1; --layer) {
      const height = layer === layers ? outputRow * this.units(layer) : hiddenHeight;
      const name = layer === layers ? "output units, spikes" : `${this.units(layer)} hidden units`;
      bands.push({ layer, name, top, height });
      top += height + gap;
    }
    return bands;
  }

  private height(): number {
    const last = this.bands().at(-1);
    return (last?.top ?? 0) + (last?.height ?? 0) + 24;
  }

  /// Fits it to its place on the page; draws nothing.
  resize(): void {
    this.width = this.node.parentElement?.clientWidth ?? 300;
    this.forget();
  }

  forget(): void {
    fit(this.spikes, this.width, this.height());
    this.drawn = 0;
  }

  draw(position: number): void {
    if (position < this.drawn) this.forget();
    this.addSpikes(Math.floor(position));
    fit(this.shown, this.width, this.height());
    this.scales();
    const { context } = this.shown;
    context.drawImage(this.spikes.node, 0, 0, this.width, this.height());
    this.line(position);
    const known = this.recorded().at(position);
    if (!known) return;
    this.node.setAttribute(
      "aria-label",
      `Step ${whole(known.steps)} of ${whole(this.length())}: accuracy ${percent(known.accuracy)}`,
    );
  }

  private x(step: number): number {
    return left + ((this.width - left - 8) * step) / this.length();
  }

  private addSpikes(position: number): void {
    const { context } = this.spikes;
    const bands = this.bands();
    const layers = this.data.layers.length;
    this.recorded().between(this.drawn, position, (step, layer, unit) => {
      const band = bands[layers - layer];
      if (layer === 0 || !band) return;
      const row = band.height / this.units(layer);
      context.fillStyle = color(layer === layers ? "warm" : "accent");
      context.fillRect(this.x(step), band.top + unit * row, 1.5, Math.max(1.5, row * 0.8));
    });
    this.drawn = position;
  }

  private y(accuracy: number): number {
    return gap + accuracyHeight * (1 - accuracy);
  }

  private scales(): void {
    const { context } = this.shown;
    context.font = "12px system-ui, sans-serif";
    context.strokeStyle = color("line");
    context.fillStyle = color("quiet");
    context.textBaseline = "middle";
    for (const part of [0, 0.25, 0.5, 0.75, 1]) {
      context.fillRect(left, this.y(part), this.width - left - 8, part === 0 ? 1 : 0.4);
      context.textAlign = "right";
      context.fillText(percent(part, 0), left - 6, this.y(part));
    }
    context.textAlign = "left";
    context.fillText("test images that are answered right", left, 10);
    for (const band of this.bands()) {
      context.fillText(band.name, left, band.top - 10);
      context.strokeRect(left, band.top, this.width - left - 8, band.height);
    }
    context.textAlign = "right";
    context.fillText(`step ${whole(this.length())}`, this.width - 8, this.height() - 10);
    context.textAlign = "left";
    context.fillText("0", left, this.height() - 10);
  }

  private line(position: number): void {
    const { context } = this.shown;
    const frames = this.recorded().frames.filter((frame) => frame.steps <= position);
    context.strokeStyle = color("accent");
    context.lineWidth = 2.5;
    context.lineJoin = "round";
    context.beginPath();
    for (const frame of frames) context.lineTo(this.x(frame.steps), this.y(frame.accuracy));
    context.stroke();
    context.lineWidth = 1;
    context.strokeStyle = color("quiet");
    context.beginPath();
    context.moveTo(this.x(position), gap);
    context.lineTo(this.x(position), this.height() - 22);
    context.stroke();
  }
}
