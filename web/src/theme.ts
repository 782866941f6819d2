// Colors of the charts, light and dark. The moments' are Okabe and Ito's, which color-blind readers
// tell apart; in the dark a shade lighter. Shapes say the same once more.

import { moments } from "./report";
import { momentNames } from "./words";

export interface Theme {
  dark: boolean;
  ink: string;
  quiet: string;
  line: string;
  paper: string;
  moments: string[]; // in their order
  low: string; // of differences: lost
  high: string; // gained
  ramp: string[]; // from nothing to much
}

export const light: Theme = {
  dark: false,
  ink: "#1b1f24",
  quiet: "#57606a",
  line: "#d8dee4",
  paper: "#ffffff",
  moments: ["#0072b2", "#d55e00", "#009e73", "#6e7781"],
  low: "#b35806",
  high: "#2166ac",
  ramp: ["#ffffff", "#c6dbef", "#6baed6", "#2171b5", "#08306b"],
};

export const dark: Theme = {
  dark: true,
  ink: "#e6edf3",
  quiet: "#9da7b3",
  line: "#30363d",
  paper: "#11161d",
  moments: ["#56b4e9", "#f0883e", "#2fc79a", "#a5adb8"],
  low: "#f0883e",
  high: "#6cb6ff",
  ramp: ["#11161d", "#12395f", "#1f6fb5", "#6cb6ff", "#d8ecff"],
};

const names = moments.map((moment) => momentNames[moment]);
export const shapes = ["circle", "square", "triangle-up", "diamond"];
/// Scales of the moments that occur.
export function momentScales(theme: Theme, present: string[]) {
  const kept = names.flatMap((name, i) => (present.includes(name) ? [i] : []));
  const pick = <T>(values: T[]) => kept.map((i) => values[i] as T);
  const domain = pick(names);
  return {
    color: { domain, range: pick(theme.moments) },
    shape: { domain, range: pick(shapes) },
  };
}

export function vegaConfig(theme: Theme) {
  const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
  return {
    background: undefined,
    font,
    aria: false, // the figure has its own text
    view: { stroke: null },
    axis: {
      labelColor: theme.quiet,
      titleColor: theme.quiet,
      titleFontWeight: "normal" as const,
      titleFontSize: 12,
      labelFontSize: 11,
      gridColor: theme.line,
      gridOpacity: 0.7,
      domainColor: theme.line,
      tickColor: theme.line,
      titlePadding: 8,
    },
    legend: {
      labelColor: theme.ink,
      titleColor: theme.quiet,
      titleFontWeight: "normal" as const,
      labelFontSize: 12,
      labelLimit: 260,
      symbolStrokeWidth: 2,
      symbolOpacity: 1,
    },
    header: {
      labelColor: theme.ink,
      labelFontWeight: 600 as const,
      labelFontSize: 13,
      titleColor: theme.quiet,
    },
    title: {
      color: theme.ink,
      subtitleColor: theme.quiet,
      fontSize: 13,
      fontWeight: 600 as const,
    },
    text: { color: theme.ink },
  };
}
