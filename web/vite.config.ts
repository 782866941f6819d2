import { defineConfig } from "vite";
import { inlined } from "./inlined";

export default defineConfig({
  base: "./",
  plugins: [inlined("index.html")],
  build: {
    outDir: `${process.env.HYPNOS_WEB_OUT ?? "dist"}/page`,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 2000,
  },
});
