import { defineConfig } from "vite";

// The script that draws figures in Node.js, with all that it needs.
export default defineConfig({
  ssr: { noExternal: true },
  // Not that for Node.js, which would need a canvas library.
  resolve: {
    alias: {
      "vega-canvas": new URL(
        "node_modules/vega-canvas/build/vega-canvas.browser.js",
        import.meta.url,
      ).pathname,
    },
  },
  build: {
    outDir: `${process.env.HYPNOS_WEB_OUT ?? "dist"}/figures`,
    emptyOutDir: true,
    target: "node18",
    ssr: "src/figures.ts",
    minify: "esbuild",
    rollupOptions: { output: { entryFileNames: "figures.mjs" } },
  },
});
