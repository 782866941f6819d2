// Looks at a page as a browser shows it, for tests/integration/report_page_test.py.
// usage: node look.mjs PAGE.html [FOLDER]    prints what it saw as JSON; screenshots go to FOLDER

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launch, overflow, viewer, violations } from "./browser.mjs";

const [page, folder] = process.argv.slice(2);
if (!page) throw new Error("usage: node look.mjs PAGE.html [FOLDER]");
const browser = await launch();
const { open: openFile, errors, requests } = viewer(browser);

/** A drawn page in a window of its own.
 * @param {string} name
 * @param {import("playwright-core").BrowserContextOptions} options */
async function open(name, options) {
  const view = await openFile(page ?? "", name, options);
  await view.waitForSelector("html[data-drawn]", { state: "attached" });
  return view;
}

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").ElementHandle<HTMLElement | SVGElement>} Handle */

/** How many marks a chart has; of one that is drawn as pixels, how many colors.
 * @param {Handle} card */
function marks(card) {
  return card.evaluate((node) => {
    const canvas = node.querySelector("canvas");
    if (!canvas) {
      const drawn = node.querySelectorAll(".role-mark path, .role-mark line, .role-mark rect");
      return [...drawn].filter((mark) => mark.getBoundingClientRect().width > 0).length;
    }
    const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
    return new Set(new Uint32Array(pixels?.buffer ?? new ArrayBuffer(0))).size - 1;
  });
}

/** Axes with numbers that say the same at two of their ticks.
 * @param {Page} view */
function equalTicks(view) {
  return view.$$eval(".chart", (charts) =>
    charts.flatMap((chart) =>
      [...chart.querySelectorAll(".role-axis-label")]
        .map((axis) => [...axis.querySelectorAll("text")].map((text) => text.textContent))
        .map((texts) => texts.filter(Boolean))
        .filter((texts) => texts.every((text) => /^[+−]?[\d.,]+[%kM]?$/.test(text ?? "")))
        // An axis to both sides of zero says all twice.
        .filter((texts) => texts.join() !== [...texts].reverse().join())
        .filter((texts) => new Set(texts).size < texts.length)
        .map((texts) => `${chart.getAttribute("aria-label")?.split(".")[0]}: ${texts}`),
    ),
  );
}

/** Words that reach out of their charts, where nobody sees them.
 * @param {Page} view */
function cutWords(view) {
  return view.$$eval(".chart", (charts) =>
    charts.flatMap((chart) => {
      const edge = chart.getBoundingClientRect();
      return [...chart.querySelectorAll("svg text")]
        .filter((text) => {
          const box = text.getBoundingClientRect();
          return box.left < edge.left - 1 || box.right > edge.right + 1;
        })
        .map((text) => text.textContent);
    }),
  );
}

/** The tooltip of the chart's first point, bar or cell.
 * @param {Page} view
 * @param {Handle} card */
async function tooltip(view, card) {
  const mark = await card.$(".role-mark.mark-symbol path, .role-mark.mark-rect path");
  if (!mark) return null;
  await mark.scrollIntoViewIfNeeded();
  await mark.hover({ force: true });
  const shown = view.locator("#vg-tooltip-element.visible");
  await shown.waitFor({ timeout: 5000 }).catch(() => {});
  const text = (await shown.count()) > 0 ? await shown.innerText() : "";
  await view.mouse.move(0, 0);
  return text;
}

/** @param {Page} view
 * @param {Handle} card
 * @param {string} kind of file */
async function save(view, card, kind) {
  const [download] = await Promise.all([
    view.waitForEvent("download"),
    card.$(`button[aria-label^="Save ${kind}"]`).then((button) => button?.click()),
  ]);
  const content = readFileSync(await download.path());
  return { name: download.suggestedFilename(), content };
}

/** The table as rows of texts, and the same as CSV.
 * @param {Page} view
 * @param {Handle} card */
async function table(view, card) {
  const summary = await card.$("details.numbers > summary");
  await summary?.click();
  const shown = await card.waitForSelector("table");
  const rows = await shown.evaluate((node) =>
    [...node.querySelectorAll("tr")].map((row) => [...row.children].map((c) => c.textContent)),
  );
  await summary?.click();
  return { rows, csv: (await save(view, card, "CSV")).content.toString() };
}

/** Chooses each of the figures that a card offers.
 * @param {Page} view
 * @param {Handle} card */
async function choices(view, card) {
  const box = await card.$("select");
  const count = box ? await box.evaluate((node) => node.querySelectorAll("option").length) : 0;
  const found = [];
  for (let i = 0; i < count; ++i) {
    await card.$eval(".chart", (chart) => chart.removeAttribute("data-drawn"));
    await box?.selectOption({ index: i });
    await view.waitForFunction((node) => node.querySelector(".chart[data-drawn]"), card);
    found.push(await marks(card));
  }
  return found;
}

/** @param {Page} view
 * @param {string} name */
async function picture(view, name) {
  if (folder) await view.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

async function desktop() {
  const view = await open("desktop", { viewport: { width: 1280, height: 900 } });
  await picture(view, "desktop");
  const ticks = await equalTicks(view);
  await view.keyboard.press("Tab");
  const first = await view.evaluate(() => document.activeElement?.className);
  const charts = [];
  for (const card of await view.$$("figure.card")) {
    charts.push({
      id: await card.getAttribute("id"),
      title: await card.$eval("h3", (node) => node.textContent),
      text: await card.$eval(".chart", (node) => node.getAttribute("aria-label")),
      marks: await marks(card),
      tooltip: await tooltip(view, card),
      ...(await table(view, card)),
      choices: await choices(view, card),
    });
  }
  const card = await view.$("figure.card");
  const svg = card && (await save(view, card, "SVG"));
  const png = card && (await save(view, card, "PNG"));
  const copy = view.locator(".copy:visible").first();
  await copy.click();
  return {
    title: await view.title(),
    headline: await view.locator("h1").innerText(),
    text: await view.locator("body").innerText(),
    code: await view.locator("pre").allInnerTexts(),
    first,
    equalTicks: ticks,
    charts,
    svg: svg?.content.toString(),
    png: png?.content.subarray(1, 4).toString(),
    copied: await copy.innerText(),
    strange: await view.locator("#page img, #page script, #page b, #page iframe").count(),
    violations: await violations(view),
  };
}

async function phone() {
  const view = await open("phone", { viewport: { width: 320, height: 700 } });
  await picture(view, "phone");
  return {
    overflow: await overflow(view),
    cutWords: await cutWords(view),
    equalTicks: await equalTicks(view),
    violations: await violations(view),
  };
}

async function dark() {
  const view = await open("dark", {
    viewport: { width: 1280, height: 900 },
    colorScheme: "dark",
  });
  await picture(view, "dark");
  const seen = {
    background: await view.evaluate(() => getComputedStyle(document.body).backgroundColor),
    drawn: await view.$$eval(".chart", (charts) =>
      charts.map((chart) => chart.getAttribute("data-drawn")),
    ),
    violations: await violations(view),
  };
  await view.emulateMedia({ colorScheme: "light" });
  await view.waitForFunction(() => !document.querySelector('.chart:not([data-drawn="light"])'));
  return seen;
}

async function print() {
  const view = await open("print", { viewport: { width: 794, height: 1123 } });
  await view.emulateMedia({ media: "print" });
  await picture(view, "print");
  // Drawn for a wide window, printed on narrow paper.
  await view.setViewportSize({ width: 600, height: 1123 });
  const widest = await view.$$eval(".chart", (charts) =>
    Math.max(
      ...charts.map((chart) => {
        const drawing = chart.querySelector("svg, canvas");
        return (drawing?.getBoundingClientRect().width ?? 0) - chart.clientWidth;
      }),
    ),
  );
  return {
    buttons: await view.locator("button:visible").count(),
    charts: await view.locator(".chart svg:visible, .chart canvas:visible").count(),
    widest,
    overflow: await overflow(view),
    pdf: (await view.pdf({ format: "A4" })).subarray(0, 4).toString(),
  };
}

try {
  const views = {
    desktop: await desktop(),
    phone: await phone(),
    dark: await dark(),
    print: await print(),
  };
  process.stdout.write(`${JSON.stringify({ ...views, errors, requests })}\n`);
} finally {
  await browser.close();
}
