// Looks at all pages of the site of the documentation, as a browser shows them.
// usage: node look_site.mjs FOLDER [PICTURES]    prints what it saw as JSON; screenshots go to PICTURES

import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { launch, overflow, viewer, violations } from "./browser.mjs";

const [folder, pictures] = process.argv.slice(2);
if (!folder) throw new Error("usage: node look_site.mjs FOLDER [PICTURES]");
const pages = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".html") && !name.startsWith("_"))
  .filter(
    (name) => !["genindex.html", "py-modindex.html", "search.html", "watch.html"].includes(name),
  )
  .sort();

const browser = await launch();
const { open, errors, requests } = viewer(browser);
/** @type {Record<string, import("playwright-core").BrowserContextOptions>} */
const kinds = {
  wide: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 320, height: 700 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
};

try {
  /** @type {Record<string, Record<string, { violations: string[], overflow: number }>>} */
  const seen = {};
  for (const page of pages) {
    /** @type {typeof seen[string]} */
    const views = {};
    for (const [kind, options] of Object.entries(kinds)) {
      const view = await open(join(folder, page), `${page} (${kind})`, options);
      Object.assign(views, {
        [kind]: { violations: await violations(view), overflow: await overflow(view) },
      });
      const name = `${relative(".", page).replaceAll("/", "-")}-${kind}.png`;
      if (pictures) await view.screenshot({ path: join(pictures, name) });
      await view.context().close();
    }
    seen[page] = views;
  }
  process.stdout.write(`${JSON.stringify({ pages: seen, errors, requests })}\n`);
} finally {
  await browser.close();
}
