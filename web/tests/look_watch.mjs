// Looks at the page where one watches a network sleep, and lets the network sleep.
// usage: node look_watch.mjs PAGE.html [FOLDER]    prints what it saw as JSON; screenshots go to FOLDER

import { join } from "node:path";
import { launch, overflow, viewer, violations } from "./browser.mjs";

const [page, folder] = process.argv.slice(2);
if (!page) throw new Error("usage: node look_watch.mjs PAGE.html [FOLDER]");
const browser = await launch();
const { open, errors, requests } = viewer(browser);

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} view */
const status = (view) => view.locator(".status").innerText();

/** @param {Page} view
 * @param {string} name */
async function picture(view, name) {
  if (folder) await view.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Lets the network sleep as fast as it can.
 * @param {Page} view */
async function sleep(view) {
  await view.getByLabel("Pace").selectOption({ index: 2 });
  await view.getByRole("button", { name: "Sleep", exact: true }).click();
  await view.waitForSelector("html[data-played]", { state: "attached" });
}

/** How many colors each canvas has.
 * @param {Page} view */
function colors(view) {
  return view.$$eval("canvas", (canvases) =>
    canvases.map((canvas) => {
      const { width, height } = canvas;
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, width, height).data;
      return new Set(new Uint32Array(pixels?.buffer ?? new ArrayBuffer(0))).size;
    }),
  );
}

/** @param {string} name
 * @param {import("playwright-core").BrowserContextOptions} options */
async function asleep(name, options) {
  const view = await open(page ?? "", name, options);
  await view.waitForSelector("html[data-ready]", { state: "attached" });
  const before = await status(view);
  await sleep(view);
  await picture(view, name);
  return {
    view,
    seen: {
      before,
      after: await status(view),
      colors: await colors(view),
      overflow: await overflow(view),
      violations: await violations(view),
    },
  };
}

async function desktop() {
  const { view, seen } = await asleep("desktop", { viewport: { width: 1280, height: 900 } });
  await view.getByLabel("Step of the sleep that is shown").fill("400");
  const back = await status(view);
  // Another length is another sleep, which begins at once.
  await view.getByLabel("Length").fill("-20");
  await view.getByLabel("Length").dispatchEvent("change");
  await view.waitForSelector("html[data-played]", { state: "attached" });
  const shorter = await status(view);
  await view.getByRole("button", { name: /^Reset/ }).click();
  await view.getByText(/^Right:/).waitFor();
  return { ...seen, back, shorter, reset: await status(view) };
}

try {
  const views = {
    desktop: await desktop(),
    phone: (await asleep("phone", { viewport: { width: 320, height: 700 } })).seen,
    dark: (await asleep("dark", { viewport: { width: 1280, height: 900 }, colorScheme: "dark" }))
      .seen,
  };
  process.stdout.write(`${JSON.stringify({ ...views, errors, requests })}\n`);
} finally {
  await browser.close();
}
