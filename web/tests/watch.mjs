// Sleeps the network of scripts/watch in its engine, here in Node.js.
// usage: node watch.mjs FOLDER [SEED [KEY=VALUE ...]]
// Prints as JSON the SHA-256 of all weights before and after, and the accuracies on the way.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, seed, ...settings] = process.argv.slice(2);
if (!folder) throw new Error("usage: node watch.mjs FOLDER [SEED [KEY=VALUE ...]]");

// The engine runs in a worker of a browser, which has these.
Object.assign(globalThis, { self: { location: { href: "" } }, importScripts: () => {} });
const { default: createEngine } = await import(pathToFileURL(resolve(folder, "engine.mjs")).href);

const data = JSON.parse(readFileSync(`${folder}/data/data.json`, "utf8"));
/** @param {string} text */
const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64"));
/** @param {string} text */
const floats = (text) => new Float32Array(bytes(text).buffer);
/** @param {Float32Array} weights */
const digest = (weights) =>
  createHash("sha256").update(new Uint8Array(weights.buffer)).digest("hex");

const before = floats(data.weights);
/** @type {number[]} */
const accuracies = [];
let spikes = 0;
const engine = await createEngine();
const slept = engine.sleep(
  {
    ...data,
    weights: before,
    mean: floats(data.mean),
    images: Float32Array.from(bytes(data.images), (pixel) => pixel / 255),
    settings,
    seed: Number(seed ?? 1),
    frames: 3,
    fields: 1,
  },
  /** @param {{ accuracy: number, spikes: Uint32Array }} frame */
  (frame) => {
    accuracies.push(frame.accuracy);
    spikes += frame.spikes.length / 3;
  },
);
const found = slept.error
  ? { error: slept.error }
  : {
      before: digest(before),
      after: digest(slept.weights),
      steps: slept.steps,
      accuracies,
      spikes,
    };
console.log(JSON.stringify(found));
