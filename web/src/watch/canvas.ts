// Canvases as sharp as the screen, in the page's colors.

import { element } from "../element";

export interface Surface {
  node: HTMLCanvasElement;
  context: CanvasRenderingContext2D;
}

export function surface(label: string): Surface {
  const node = element("canvas", { role: "img", "aria-label": label });
  const context = node.getContext("2d");
  if (!context) throw new Error("this browser draws no canvas");
  return { node, context };
}

/// Fits the canvas to a size on the page; clears it.
export function fit({ node, context }: Surface, width: number, height: number): void {
  const ratio = window.devicePixelRatio || 1;
  node.width = Math.round(width * ratio);
  node.height = Math.round(height * ratio);
  node.style.width = `${width}px`;
  node.style.height = `${height}px`;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function rgb(name: string): [number, number, number] {
  const hex = color(name).slice(1);
  const part = (i: number) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return [part(0), part(1), part(2)];
}

/// Puts a small picture onto the surface, each of its numbers a pixel that is blown up.
/// @param paint the color of a number
export function picture(
  { context }: Surface,
  numbers: ArrayLike<number>,
  columns: number,
  place: { x: number; y: number; width: number },
  paint: (number: number) => [number, number, number],
): void {
  const rows = numbers.length / columns;
  const image = new ImageData(columns, rows);
  for (let i = 0; i < numbers.length; ++i) {
    image.data.set([...paint(numbers[i] ?? 0), 255], 4 * i);
  }
  const small = new OffscreenCanvas(columns, rows);
  small.getContext("2d")?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, place.x, place.y, place.width, (place.width * rows) / columns);
}

/// A color between two, at a part of the way.
export function between(
  from: [number, number, number],
  to: [number, number, number],
  part: number,
): [number, number, number] {
  const mix = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * part);
  return [mix(0), mix(1), mix(2)];
}
