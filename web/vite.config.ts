import { createHash } from "node:crypto";
import { defineConfig, type Plugin } from "vite";

// Puts script and style into the page: one file, which opens from disk.
function inlined(): Plugin {
  return {
    name: "inlined",
    enforce: "post",
    generateBundle(_options, bundle) {
      const page = bundle["index.html"];
      if (page?.type !== "asset") throw new Error("there is no page");
      let html = String(page.source);
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type === "chunk") {
          const code = file.code.trim().replaceAll("</script", "<\\/script");
          html = html.replace(
            new RegExp(`<script[^>]*src="[^"]*${file.fileName}"[^>]*></script>`),
            "",
          );
          html = html.replace("</body>", () => `<script type="module">${code}</script>\n</body>`);
          // The page runs this script and no other.
          const hash = createHash("sha256").update(code).digest("base64");
          html = html.replace("script-src 'self'", `script-src 'sha256-${hash}'`);
        } else if (name.endsWith(".css")) {
          html = html.replace(
            new RegExp(`<link[^>]*href="[^"]*${name}"[^>]*>`),
            () => `<style>${String(file.source).trim()}</style>`,
          );
        } else continue;
        delete bundle[name];
      }
      page.source = html;
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [inlined()],
  build: {
    outDir: `${process.env.HYPNOS_WEB_OUT ?? "dist"}/page`,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 2000,
  },
});
