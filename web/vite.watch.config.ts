import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { inlined } from "./inlined";

// The page where one watches a network sleep. scripts/watch makes the engine and the data before it.
const out = process.env.HYPNOS_WATCH_OUT;
if (!out) throw new Error("HYPNOS_WATCH_OUT: the folder with engine.mjs and data/data.json");

function data(): Plugin {
  return {
    name: "data",
    transformIndexHtml: (html) =>
      html.replace('"the data"', () => readFileSync(`${out}/data/data.json`, "utf8")),
  };
}

export default defineConfig({
  base: "./",
  plugins: [data(), inlined("watch.html")],
  resolve: { alias: { "hypnos-engine": `${out}/engine.mjs` } },
  worker: { format: "iife" }, // browsers take no other from disk
  build: {
    outDir: `${out}/page`,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 4000,
    rollupOptions: { input: "watch.html" },
  },
});
