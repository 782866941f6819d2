// Which classes are taken for which, before sleep and after, and what has changed.

import { columnsFor, type Figure, type Frame, type Slot } from "../figure";
import { type Group, type Moment, moments, mostGained, type Study } from "../report";
import { momentNames, percent, points } from "../words";

interface Panel {
  title: string;
  cells: number[][]; // parts of the class, or differences of these
  difference: boolean;
}

function parts(group: Group, moment: Moment): number[][] | null {
  const at = group.moments[moment];
  if (!at) return null;
  return at.confusion.map((row, truth) =>
    row.map((count) => count / Math.max(1, at.classes[truth]?.samples ?? 1)),
  );
}

function minus(a: number[][], b: number[][]): number[][] {
  return a.map((row, t) => row.map((value, k) => value - (b[t]?.[k] ?? 0)));
}

function panelsOf(group: Group): Panel[] {
  const before = parts(group, "before");
  const after = parts(group, "after_sleep");
  const tuned = parts(group, "after_finetuning");
  const panels: Panel[] = [];
  if (before) panels.push({ title: momentNames.before, cells: before, difference: false });
  if (after) panels.push({ title: momentNames.after_sleep, cells: after, difference: false });
  if (before && after) {
    panels.push({ title: "Change by sleep", cells: minus(after, before), difference: true });
  }
  if (tuned) panels.push({ title: momentNames.after_finetuning, cells: tuned, difference: false });
  return panels;
}

function chart(panel: Panel, width: number, frame: Frame) {
  const classes = panel.cells.length;
  const values = panel.cells.flatMap((row, truth) =>
    row.map((value, answer) => ({
      truth,
      answer,
      value,
      text: panel.difference ? `${points(value)} points` : percent(value),
    })),
  );
  const { theme } = frame;
  const scale = panel.difference
    ? { domain: [-1, 0, 1], range: [theme.low, theme.paper, theme.high], interpolate: "rgb" }
    : { domain: [0, 0.1, 0.3, 0.6, 1], range: theme.ramp, interpolate: "rgb" };
  return {
    title: { text: panel.title, anchor: "start" },
    data: { values },
    width,
    height: width,
    mark: { type: "rect", stroke: theme.line, strokeWidth: 0.5 },
    encoding: {
      x: {
        field: "answer",
        type: "ordinal",
        title: "Answer",
        axis: { labelAngle: 0, labelOverlap: classes > 12 },
      },
      y: { field: "truth", type: "ordinal", title: "True class" },
      color: {
        field: "value",
        type: "quantitative",
        scale,
        legend: {
          title: panel.difference ? "Change" : "Part of the class",
          orient: "bottom",
          direction: "horizontal",
          format: panel.difference ? "+.0%" : ".0%",
          gradientLength: Math.min(160, width),
          tickCount: 3,
        },
      },
      tooltip: [
        { field: "truth", title: "true class" },
        { field: "answer", title: "answered as" },
        { field: "text", title: panel.difference ? "change" : "part" },
      ],
    },
  };
}

function biased(group: Group, moment: Moment): string {
  const at = group.moments[moment];
  if (!at) return "";
  const all = at.classes.reduce((sum, c) => sum + c.answered, 0);
  const order = at.classes
    .map((c, i) => ({ i, part: c.answered / Math.max(1, all) }))
    .sort((a, b) => b.part - a.part);
  const never = at.classes.filter((c) => c.answered < 0.5).length;
  const top = order[0];
  if (!top) return "";
  return `${momentNames[moment]} the most frequent answer is class ${top.i}, given to ${percent(top.part)} of the samples; ${never} of ${at.classes.length} classes are never answered. `;
}

function figureOf(group: Group): Figure {
  const panels = panelsOf(group);
  return {
    caption:
      "Rows are true classes, columns the network's answers; each row adds up to 100%. Means over seeds.",
    summary: `Confusion matrices of ${group.label}. ${biased(group, "before")}${biased(group, "after_sleep")}`,
    spec: (frame) => {
      const { columns, width, gap } = columnsFor(frame, panels.length, 140);
      const side = Math.min(width, 300);
      return {
        columns,
        spacing: gap,
        concat: panels.map((panel) => chart(panel, side, frame)),
        resolve: { scale: { color: "independent" } },
      };
    },
    table: {
      columns: [
        "true class",
        "answer",
        ...moments.filter((m) => group.moments[m]).map((m) => momentNames[m]),
      ],
      rows: (group.moments.before?.confusion ?? []).flatMap((row, truth) =>
        row.map((_, answer) => [
          truth,
          answer,
          ...moments
            .filter((m) => group.moments[m])
            .map((m) => group.moments[m]?.confusion[truth]?.[answer]),
        ]),
      ),
    },
  };
}

export function confusionSlot(study: Study): Slot | null {
  const groups = study.groups.filter((group) => (group.moments.before?.confusion.length ?? 0) > 1);
  const first = groups[0];
  if (!first) return null;
  return {
    id: `${study.name}-confusion`,
    title: "Confusions before and after sleep",
    choose: "Configuration",
    labels: groups.map((group) => group.label),
    start: mostGained(groups),
    draws: "all",
    figure: (index) => figureOf(groups[index] ?? first),
  };
}
