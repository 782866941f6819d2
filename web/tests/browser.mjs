// Debian's Chromium, and what every page is asked.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

/** @typedef {import("playwright-core").Page} Page */

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Opens files in windows of their own, and notes what went wrong and what they asked for.
 * @param {import("playwright-core").Browser} browser */
export function viewer(browser) {
  /** @type {string[]} */
  const errors = [];
  /** Addresses outside of this machine's files.
   * @type {string[]} */
  const requests = [];

  /** @param {string} page a file
   * @param {string} name of the view
   * @param {import("playwright-core").BrowserContextOptions} options */
  async function open(page, name, options) {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(120_000); // other work may keep the cores busy
    const view = await context.newPage();
    view.on("console", (message) => errors.push(`${name}: ${message.type()}: ${message.text()}`));
    view.on("pageerror", (error) => errors.push(`${name}: ${error.message}`));
    view.on("dialog", (dialog) => {
      errors.push(`${name}: dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    view.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) requests.push(request.url());
    });
    await view.goto(pathToFileURL(resolve(page)).href);
    return view;
  }
  return { open, errors, requests };
}

/** What axe-core finds against a page.
 * @param {Page} view */
export async function violations(view) {
  await view.evaluate(axe);
  return view.evaluate(async () => {
    // @ts-expect-error: axe was loaded just now
    const { violations } = await window.axe.run(document, {
      resultTypes: ["violations"],
      preload: false, // which asks for style sheets as no page from disk may
    });
    return violations.map(
      (/** @type {import("axe-core").Result} */ v) =>
        `${v.impact}: ${v.id}: ${v.nodes[0]?.target.join(" ")} (${v.nodes.length})`,
    );
  });
}

/** How far a page is wider than its window.
 * @param {Page} view */
export function overflow(view) {
  return view.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}
