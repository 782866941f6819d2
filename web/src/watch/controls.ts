// What a reader may change about the sleep.

import { element } from "../element";
import { type PageData, parameter } from "./data";

interface Knob {
  key: string;
  name: string;
  unit: string;
  text: (value: number) => string;
}

const knobs: Knob[] = [
  { key: "steps", name: "Length", unit: "steps", text: (v) => String(v) },
  { key: "max_rate", name: "Rate of the noise", unit: "Hz", text: (v) => v.toFixed(0) },
  { key: "increment", name: "Increment", unit: "", text: (v) => v.toExponential(1) },
  { key: "decrement", name: "Decrement", unit: "", text: (v) => v.toExponential(1) },
];

// A slider goes from a quarter of the value that the search found to four times it.
const reach = 2;
const notches = 20;

export interface Controls {
  node: HTMLElement;
  /// What is not as the search found it.
  changed(): Record<string, number>;
  seed(): number;
  reset(): void;
}

function valueAt(data: PageData, knob: Knob, notch: number): number {
  const value = parameter(data, knob.key) * 2 ** (notch / notches);
  return knob.key === "steps" ? Math.round(value) : value;
}

/// @param onChange is called when something was changed
export function controls(data: PageData, onChange: () => void): Controls {
  const sliders = knobs.map((knob) => {
    const value = element("output");
    const slider = element("input", {
      type: "range",
      min: String(-reach * notches),
      max: String(reach * notches),
      value: "0",
    });
    const show = () => {
      const text = knob.text(valueAt(data, knob, slider.valueAsNumber));
      value.textContent = `${text} ${knob.unit}`.trim();
      slider.setAttribute("aria-valuetext", value.textContent);
    };
    slider.addEventListener("input", show);
    slider.addEventListener("change", onChange);
    show();
    const row = element("label", { class: "knob" }, element("span", {}, knob.name), slider, value);
    return { knob, slider, show, row };
  });
  const seed = element("input", { type: "number", min: "1", max: "4294967295", value: "1" });
  seed.addEventListener("change", () => {
    // What cannot be a seed is not one: the nearest that can is shown, and used.
    seed.value = String(Math.min(4294967295, Math.max(1, Math.floor(seed.valueAsNumber) || 1)));
    onChange();
  });
  const node = element(
    "div",
    { class: "knobs" },
    ...sliders.map(({ row }) => row),
    element("label", { class: "knob" }, element("span", {}, "Seed of the noise"), seed),
  );
  return {
    node,
    changed() {
      const moved = sliders.filter(({ slider }) => slider.valueAsNumber !== 0);
      return Object.fromEntries(
        moved.map(({ knob, slider }) => [knob.key, valueAt(data, knob, slider.valueAsNumber)]),
      );
    },
    seed() {
      return seed.valueAsNumber;
    },
    reset() {
      for (const { slider, show } of sliders) {
        slider.value = "0";
        show();
      }
      seed.value = "1";
    },
  };
}
