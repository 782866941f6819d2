// From a figure to a picture.

import * as vega from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Figure, Spec } from "./figure";
import { light, type Theme, vegaConfig } from "./theme";

export function fullSpec(figure: Figure, width: number, theme: Theme): Spec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: figure.summary,
    padding: 4,
    ...figure.spec({ width: width - 8, theme }),
    config: vegaConfig(theme),
  };
}

/// Outside of a browser Vega guesses how wide a text is, at half as much again as it becomes.
const guessed = typeof document === "undefined" ? 1.5 : 1;

function stretchLimits(spec: Spec): Spec {
  if (guessed === 1) return spec;
  return JSON.parse(JSON.stringify(spec), (key, value) =>
    key === "labelLimit" ? guessed * value : value,
  );
}

/// A picture for a paper: light, whatever the page is.
export function viewOf(figure: Figure, width = 900): vega.View {
  const spec = stretchLimits({ ...fullSpec(figure, width, light), background: "white" });
  const { spec: compiled } = compile(spec as unknown as TopLevelSpec);
  return new vega.View(vega.parse(compiled, undefined, { ast: true }), {
    renderer: "none",
    expr: expressionInterpreter,
  });
}

export async function svgOf(figure: Figure, width?: number): Promise<string> {
  const view = viewOf(figure, width);
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}
