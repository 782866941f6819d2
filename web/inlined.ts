import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/// Puts script and style into the page `name`: one file, which opens from disk.
export function inlined(name: string): Plugin {
  return {
    name: "inlined",
    enforce: "post",
    generateBundle(_options, bundle) {
      const page = bundle[name];
      if (page?.type !== "asset") throw new Error("there is no page");
      let html = String(page.source);
      for (const [part, file] of Object.entries(bundle)) {
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
        } else if (part.endsWith(".css")) {
          html = html.replace(
            new RegExp(`<link[^>]*href="[^"]*${part}"[^>]*>`),
            () => `<style>${String(file.source).trim()}</style>`,
          );
        } else continue;
        delete bundle[part];
      }
      page.source = html;
    },
  };
}
