// What the page holds: a network, the shape of its noise, and images that judge it.

import type { SleepRequest } from "hypnos-engine";

export interface PageData {
  layers: { outputs: number; inputs: number }[];
  weights: Float32Array;
  mean: Float32Array;
  rows: number;
  columns: number;
  images: Uint8Array; // pixels
  labels: number[];
  classes: string[];
  parameters: string; // TOML
  training: string;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function floats(text: string): Float32Array {
  return new Float32Array(bytes(text).buffer);
}

export function readData(json: string): PageData {
  const raw = JSON.parse(json);
  return {
    ...raw,
    weights: floats(raw.weights),
    mean: floats(raw.mean),
    images: bytes(raw.images),
  };
}

/// A number of the parameters.
export function parameter(data: PageData, key: string): number {
  const found = new RegExp(`^${key} = (.*)$`, "m").exec(data.parameters)?.[1];
  if (found === undefined) throw new Error(`the page's parameters have no ${key}`);
  return Number(found);
}

export const fields = 24;

/// @param changed parameters that are other than the page's
/// @param frames how often the network is shown along its sleep
export function requestOf(
  data: PageData,
  changed: Record<string, number>,
  seed: number,
  frames: number,
): SleepRequest {
  return {
    layers: data.layers,
    weights: data.weights,
    mean: data.mean,
    rows: data.rows,
    columns: data.columns,
    images: Float32Array.from(data.images, (pixel) => pixel / 255),
    labels: data.labels,
    parameters: data.parameters,
    settings: Object.entries(changed).map(([key, value]) => `${key}=${tomlNumber(value, key)}`),
    seed,
    frames,
    fields,
  };
}

// A real number of TOML has a point.
function tomlNumber(value: number, key: string): string {
  if (key === "steps" || !Number.isInteger(value)) return String(value);
  return value.toFixed(1);
}
