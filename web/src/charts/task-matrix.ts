// The matrix R: the accuracy on each task after each task was learned.

import { columnsFor, type Figure, type Frame, type Slot, slotOf } from "../figure";
import type { Study, TaskAccuracies } from "../report";
import { findingsOf } from "../sequence-findings";
import { ranked, type SequenceGroup, sleeps, taskCount, taskName, tasksOf } from "../sequences";
import { percent } from "../words";

interface Panel {
  title: string;
  moment: "before" | "slept";
}

function panelsOf(group: SequenceGroup): Panel[] {
  if (!sleeps(group)) return [{ title: "No sleep", moment: "before" }];
  return [
    { title: "Before each sleep", moment: "before" },
    { title: "After each sleep", moment: "slept" },
  ];
}

// Where it did not sleep after a task, nothing has changed.
function at(
  row: SequenceGroup["sequence"]["rows"][number],
  moment: Panel["moment"],
): TaskAccuracies {
  return row[moment] ?? row.before;
}

function cellsOf(group: SequenceGroup, panel: Panel) {
  const { rows } = group.sequence;
  return rows.flatMap((row, r) => {
    const accuracies = at(row, panel.moment);
    return accuracies.mean.flatMap((mean, task) =>
      mean == null
        ? []
        : [
            {
              after: rows.length === 1 ? "all" : taskName(group, r),
              task: taskName(group, task),
              mean,
              short: (100 * mean).toFixed(0),
              text:
                accuracies.deviation[task] == null
                  ? percent(mean)
                  : `${percent(mean)} ± ${(100 * (accuracies.deviation[task] ?? 0)).toFixed(1)}`,
            },
          ],
    );
  });
}

function chart(group: SequenceGroup, panel: Panel, width: number, frame: Frame) {
  const count = taskCount(group);
  const { theme } = frame;
  const values = cellsOf(group, panel);
  const order = Array.from({ length: count }, (_, task) => taskName(group, task));
  const rows = group.sequence.rows.length;
  const x = {
    field: "task",
    type: "ordinal",
    title: "Accuracy on task",
    sort: order,
    axis: { labelAngle: 0, labelOverlap: true, orient: "top" },
  };
  const y = { field: "after", type: "ordinal", title: "After task", sort: order };
  return {
    title: { text: panel.title, anchor: "start" },
    data: { values },
    width,
    height: rows === 1 ? Math.max(30, width / count) : width,
    encoding: {
      x,
      y,
      tooltip: [
        { field: "after", title: "after task" },
        { field: "task", title: "accuracy on task" },
        { field: "text", title: "accuracy" },
      ],
    },
    layer: [
      {
        mark: { type: "rect", stroke: theme.line, strokeWidth: 0.5 },
        encoding: {
          color: {
            field: "mean",
            type: "quantitative",
            scale: { domain: [0, 0.25, 0.5, 0.75, 1], range: theme.ramp, interpolate: "rgb" },
            legend: {
              title: "Accuracy",
              orient: "bottom",
              direction: "horizontal",
              format: ".0%",
              gradientLength: Math.min(160, width),
              tickCount: 3,
            },
          },
        },
      },
      ...(count <= 10 && width / count >= 20
        ? [
            {
              mark: { type: "text", fontSize: 11 },
              encoding: {
                text: { field: "short" },
                color: {
                  condition: {
                    test: "datum.mean > 0.55",
                    value: theme.dark ? "#11161d" : "#ffffff",
                  },
                  value: theme.ink,
                },
              },
            },
          ]
        : []),
    ],
  };
}

function figureOf(group: SequenceGroup): Figure {
  const panels = panelsOf(group);
  const last = group.sequence.rows.at(-1);
  const left = (last ? at(last, "slept") : null)?.mean ?? [];
  const order = left
    .map((mean, task) => ({ name: taskName(group, task), mean: mean ?? 0 }))
    .sort((a, b) => b.mean - a.mean);
  return {
    caption:
      "Percent of the test images of each task (columns) that are answered when the task of the row has been learned: on the diagonal how well a task was learned, below it what is left, above it tasks to come. Means over seeds.",
    summary: `${group.label}. In the end the accuracy is highest on ${order[0]?.name} (${percent(order[0]?.mean)}), lowest on ${order.at(-1)?.name} (${percent(order.at(-1)?.mean)}).`,
    spec: (frame) => {
      const { columns, width, gap } = columnsFor(frame, panels.length, 180);
      const side = Math.min(width, 320);
      return {
        columns,
        spacing: gap,
        concat: panels.map((panel) => chart(group, panel, side, frame)),
      };
    },
    table: {
      columns: ["after task", "task", ...panels.flatMap(({ title }) => [title, `± ${title}`])],
      rows: group.sequence.rows.flatMap((row, r) =>
        row.before.mean.map((_, task) => [
          group.sequence.rows.length === 1 ? "all" : taskName(group, r),
          taskName(group, task),
          ...panels.flatMap(({ moment }) => {
            const accuracies = at(row, moment);
            return [accuracies.mean[task], accuracies.deviation[task]];
          }),
        ]),
      ),
    },
  };
}

export function taskMatrixSlot(study: Study): Slot | null {
  const parts = tasksOf(study);
  const groups = parts.flatMap((tasks) => ranked(tasks.groups));
  const asleep = parts[0] && findingsOf(parts[0])?.asleep;
  const each = groups.filter((group, i) => groups.indexOf(group) === i);
  return slotOf(
    {
      id: `${study.name}-matrix`,
      title: "Accuracy after each task",
      choose: "Configuration",
      start: Math.max(0, asleep ? each.indexOf(asleep) : 0),
      draws: "all",
    },
    each,
    (group) => group.label,
    figureOf,
  );
}
