// The page where one watches a network sleep. The sleep is computed beside it; the page plays it.

import "../style.css";
import "./watch.css";
import { button, element, select } from "../element";
import { percent, points, whole } from "../words";
import { controls } from "./controls";
import { Course } from "./course";
import { parameter, readData, requestOf } from "./data";
import { answers, changes, confusions, noise, type Picture } from "./pictures";
import { Recorded } from "./recorded";
import type { Message } from "./worker";
import SleepWorker from "./worker?worker&inline";

const data = readData(document.getElementById("data")?.textContent ?? "");
const paces = [
  { name: "slow", seconds: 40 },
  { name: "usual", seconds: 15 },
  { name: "as fast as it comes", seconds: 0 },
];
const frames = 60; // of a sleep, in which the network is looked at
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

let recorded = new Recorded();
let worker: Worker | null = null;
let length = parameter(data, "steps");
let position = 0;
let playing = false;
let pace = still ? 2 : 1;
let told = "";

const settings = controls(data, () => begin(true));
const course = new Course(
  data,
  () => recorded,
  () => length,
);
const pictures: [string, string, Picture][] = [
  [
    "Noise",
    "Input units that fired just now. The noise is a small window of the average training image, somewhere else at each step.",
    noise(data),
  ],
  [
    "Changes of weights",
    "From the input to 24 hidden units, each as an image: blue was strengthened, orange weakened.",
    changes(data),
  ],
  [
    "Confusions",
    "Rows are classes, columns are answers. Right answers are on the diagonal.",
    confusions(data),
  ],
  ["Test images", "What the network takes some of them for.", answers(data)],
];

const status = element("p", { class: "status", "aria-live": "polite" });
const play = element("button", { type: "button", class: "primary" });
const place = element("input", {
  type: "range",
  min: "0",
  step: "any",
  value: "0",
  class: "place",
  "aria-label": "Step of the sleep that is shown",
});

function finished(): boolean {
  return worker === null && position >= recorded.steps;
}

function showPlay(): void {
  const over = position > 0 && finished();
  play.textContent = playing ? "Pause" : position === 0 ? "Sleep" : over ? "Play again" : "Go on";
}

/// Ends what is under way, and begins anew.
/// @param run whether to sleep, or only to show the network before it
function begin(run: boolean): void {
  worker?.terminate();
  recorded = new Recorded();
  const changed = settings.changed();
  length = changed.steps ?? parameter(data, "steps");
  place.max = String(length);
  place.disabled = !run;
  position = 0;
  told = "";
  delete document.documentElement.dataset.played;
  course.forget();
  playing = run;
  worker = new SleepWorker();
  worker.addEventListener("message", (event: MessageEvent<Message>) => heard(event.data, run));
  worker.addEventListener("error", (event) =>
    heard({ error: event.message || "the engine could not be started" }, run),
  );
  worker.postMessage(requestOf(data, changed, settings.seed(), run ? frames : 0));
  showPlay();
  status.textContent = sentence();
}

function heard(message: Message, run: boolean): void {
  if ("frame" in message) {
    recorded.add(message.frame);
    if (recorded.frames.length === 1) draw();
    return;
  }
  worker?.terminate();
  worker = null;
  if ("error" in message) {
    told = `This sleep cannot be: ${message.error}`;
    playing = false;
    draw();
  }
  document.documentElement.dataset.ready = run ? "slept" : "awake";
  showPlay();
}

function sentence(): string {
  const [first, now] = [recorded.frames[0], recorded.at(position)];
  if (told !== "") return told;
  if (!first || !now) return "The engine starts …";
  const before = `${percent(first.accuracy)} of ${whole(data.labels.length)} test images before sleep`;
  if (now.steps === 0) return `Right: ${before}.`;
  return (
    `Step ${whole(now.steps)} of ${whole(length)}: ${percent(now.accuracy)} right, ` +
    `${points(now.accuracy - first.accuracy)} points; ${before}.`
  );
}

function draw(): void {
  const frame = recorded.at(position);
  course.draw(position);
  if (frame) for (const [, , picture] of pictures) picture.draw(frame, position, recorded);
  place.value = String(position);
  place.setAttribute("aria-valuetext", `step ${whole(Math.floor(position))}`);
  status.textContent = sentence();
}

let last = 0;
function tick(now: number): void {
  const passed = Math.min(0.1, (now - last) / 1000);
  last = now;
  if (playing && recorded.frames.length > 0) {
    const seconds = paces[pace]?.seconds ?? 0;
    const wanted = seconds > 0 ? position + (length * passed) / seconds : length;
    const next = Math.min(wanted, recorded.steps);
    if (next !== position) {
      position = next;
      draw();
    }
    if (finished()) {
      playing = false;
      document.documentElement.dataset.played = String(position);
      showPlay();
    }
  }
  requestAnimationFrame(tick);
}

play.addEventListener("click", () => {
  if (playing) playing = false;
  else if (recorded.steps === 0) begin(true);
  else {
    if (finished()) position = 0;
    playing = true;
  }
  showPlay();
});
place.addEventListener("input", () => {
  playing = false;
  position = Math.min(place.valueAsNumber, recorded.steps);
  showPlay();
  draw();
});

function card(name: string, text: string, node: HTMLElement): HTMLElement {
  return element(
    "section",
    { class: "card" },
    element("h2", {}, name),
    element("p", { class: "caption" }, text),
    element("div", { class: "picture" }, node),
  );
}

const [inputs, hidden] = [data.layers[0]?.inputs ?? 0, data.layers[0]?.outputs ?? 0];
document.getElementById("page")?.replaceChildren(
  element(
    "header",
    {},
    element(
      "p",
      { class: "brand" },
      element("strong", {}, "Hypnos"),
      " Sleep Replay Consolidation",
    ),
    element("h1", {}, "Watch a network sleep"),
    element(
      "p",
      { class: "found" },
      `This network has ${inputs} inputs, ${hidden} hidden units and ${data.classes.length} outputs. It was trained for a moment only, ` +
        `and is still on its plateau: it gives most images the same answer. Now it becomes a network of spiking ` +
        `units. Noise drives it, a local rule changes its weights, and no label is seen.`,
    ),
  ),
  element(
    "main",
    { id: "content" },
    element(
      "section",
      { class: "card" },
      element(
        "div",
        { class: "head" },
        play,
        select(
          "Pace",
          paces.map(({ name }) => name),
          pace,
          (index) => {
            pace = index;
          },
        ),
        button("Reset", "Reset all values and show the network before sleep", () => {
          settings.reset();
          begin(false);
        }),
      ),
      settings.node,
      status,
      element("div", { class: "course" }, course.node),
      place,
    ),
    element(
      "div",
      { class: "pictures" },
      ...pictures.map(([name, text, picture]) => card(name, text, picture.node)),
    ),
  ),
  element(
    "footer",
    {},
    element(
      "p",
      {},
      `The engine is that of the program, compiled to WebAssembly: the same seed gives the same weights to the last bit. The network: ${data.training}.`,
    ),
  ),
);
course.resize();
begin(false);
requestAnimationFrame(tick);

let width = document.documentElement.clientWidth;
window.addEventListener("resize", () => {
  if (document.documentElement.clientWidth === width) return;
  width = document.documentElement.clientWidth;
  course.resize();
  draw();
});
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  course.forget();
  draw();
});
