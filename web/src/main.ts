// The page: what was found, and figures.

import "./style.css";
import { type Card, card } from "./card";
import { recordingSlots } from "./charts/recording";
import { copyable, element } from "./element";
import { guardSentence, headline, mainStudy, studySentences } from "./headline";
import { readReport } from "./labels";
import { repeat } from "./repeat";
import type { Study } from "./report";
import { findingsOf } from "./sequence-findings";
import { accuracyOf, learnerName, learnerOf, type SequenceGroup, tasksOf } from "./sequences";
import { slotsOf } from "./slots";
import { counted, percent, points, slug, whole } from "./words";

const report = readReport(document.getElementById("data")?.textContent ?? "");
const cards: Card[] = [];

// The one that the first screen is about comes first.
function studies(): Study[] {
  const first = mainStudy(report);
  return [...report.studies].sort((a, b) => Number(b === first) - Number(a === first));
}

function figures(slots: ReturnType<typeof slotsOf>): HTMLElement[] {
  return slots.map((slot) => {
    const made = card(slot);
    cards.push(made);
    return made.node;
  });
}

function tile(value: string, text: string): HTMLElement {
  return element("div", { class: "tile" }, element("dt", {}, text), element("dd", {}, value));
}

function tiles(): HTMLElement | null {
  const study = mainStudy(report);
  if (!study) return null;
  const list = element("dl", { class: "tiles" });
  if (report.kind === "sleep") {
    const group = study.groups[0];
    const before = group?.moments.before?.measures.accuracy.mean;
    const after = group?.moments.after_sleep?.measures.accuracy.mean;
    if (before != null) list.append(tile(percent(before), "test accuracy before sleep"));
    if (after != null) list.append(tile(percent(after), "test accuracy after sleep"));
    if (report.training) {
      const { before: first, after: second, samples } = report.training;
      list.append(
        tile(`${percent(first)} → ${percent(second)}`, `of the ${whole(samples)} training samples`),
      );
    }
    if (group?.sleep) list.append(tile(whole(group.sleep.steps), "steps of sleep"));
    return list;
  }
  list.append(...sequenceTiles(study));
  for (const verdict of study.verdicts) {
    const found = verdict.measures.accuracy;
    if (found.mean == null) continue;
    const names: Record<string, string> = {
      "before after_sleep": "points by sleep alone",
      "before after_finetuning": "points by sleep and fine-tuning",
      "control after_finetuning": "points over training on alone",
    };
    list.append(
      tile(points(found.mean), `mean ${names[`${verdict.from} ${verdict.to}`] ?? "points"}`),
    );
  }
  const seeds = Math.max(...study.groups.map((group) => group.seeds.length));
  list.append(
    tile(whole(study.groups.length), `configurations, up to ${counted(seeds, "seed")} each`),
  );
  return list;
}

function sequenceTiles(study: Study): HTMLElement[] {
  const tasks = tasksOf(study)[0];
  const found = tasks && findingsOf(tasks);
  if (!found) return [];
  const best = found.others[0];
  const on = tasks.label ? ` (${tasks.label})` : "";
  const shown: [SequenceGroup | undefined, string][] = [
    [found.asleep, `with sleep, of all test images${on}`],
    [found.awake, "without sleep"],
    [best, best ? learnerName(learnerOf(best)) : ""],
    [found.joint, "training on all at once"],
  ];
  return shown.flatMap(([group, text]) => (group ? tile(percent(accuracyOf(group)), text) : []));
}

function facts(study: Study): HTMLElement | null {
  if (study.constant.length === 0) return null;
  const list = element("ul", { class: "facts" });
  for (const [key, value] of study.constant) {
    list.append(element("li", {}, element("span", {}, key.replaceAll("_", " ")), ` ${value}`));
  }
  return list;
}

function studySection(study: Study): HTMLElement {
  const id = slug(study.name);
  const several = report.kind === "study";
  const open =
    study.planned > study.done ? `${study.done} of ${study.planned} trials are done.` : "";
  return element(
    "section",
    { class: "study", id, "aria-labelledby": `${id}-name` },
    element("h2", { id: `${id}-name` }, several ? study.name : "Before and after"),
    study.answers !== "" && element("p", { class: "answers" }, study.answers),
    several &&
      study !== mainStudy(report) &&
      element("p", { class: "found" }, studySentences(study).join(" ")),
    open !== "" && element("p", { class: "answers" }, open),
    facts(study),
    ...figures(slotsOf(study, report.kind)),
    repeat(study, several),
  );
}

function contents(): HTMLElement | null {
  const links = studies().map((study): [string, string] => [
    slug(study.name),
    report.kind === "sleep" ? "before and after" : study.name,
  ]);
  if (report.recording) links.push(["recording", "one sleep"]);
  if (links.length < 2) return null;
  const list = element("ul");
  for (const [id, name] of links) {
    list.append(element("li", {}, element("a", { href: `#${id}` }, name)));
  }
  return element("nav", { "aria-label": "Contents" }, list);
}

function page(): void {
  const [sentence, ...further] = headline(report);
  document.title = `Hypnos: ${report.source}`;
  const main = element("main", { id: "content" });
  for (const study of studies()) main.append(studySection(study));
  if (report.recording) {
    main.append(
      element(
        "section",
        { class: "study", id: "recording", "aria-labelledby": "recording-name" },
        element("h2", { id: "recording-name" }, "One sleep from within"),
        element("p", { class: "answers" }, report.recording.source),
        ...figures(recordingSlots(report.recording)),
      ),
    );
  }
  const guard = report.guard;
  document
    .getElementById("page")
    ?.replaceChildren(
      element(
        "header",
        {},
        element("p", { class: "brand" }, element("strong", {}, "Hypnos"), ` ${report.source}`),
        element("h1", {}, sentence),
        guard && (guard.helps || report.kind !== "sleep")
          ? element("p", { class: "found" }, guardSentence(guard))
          : null,
        ...further.map((text) => element("p", { class: "found" }, text)),
        tiles(),
        contents(),
      ),
      main,
      element(
        "footer",
        {},
        element("h2", {}, "This page"),
        copyable(report.command, "the command that wrote this page"),
        element(
          "p",
          {},
          `Written by Hypnos ${report.program}. It holds all its data and asks for nothing from the network.`,
        ),
      ),
    );
}

// One after the other, so that the page can be read and scrolled meanwhile.
let round = 0;
async function drawAll(): Promise<void> {
  const mine = ++round;
  document.documentElement.removeAttribute("data-drawn");
  for (const made of cards) {
    await new Promise((resolve) => setTimeout(resolve));
    if (mine !== round) return;
    await made.draw();
    document.documentElement.dataset.first ??= String(Math.round(performance.now()));
  }
  document.documentElement.dataset.drawn = String(Math.round(performance.now()));
}

page();
void drawAll();

let width = document.documentElement.clientWidth;
let waiting = 0;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = window.setTimeout(() => {
    if (document.documentElement.clientWidth === width) return;
    width = document.documentElement.clientWidth;
    void drawAll();
  }, 200);
});
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => void drawAll());
