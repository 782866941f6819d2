// The accuracy on each task along the sequence, before and after each sleep.

import { columnsFor, type Figure, type Slot, slotOf } from "../figure";
import type { Study } from "../report";
import {
  accuracyOf,
  learnerName,
  learnerOf,
  memoryOf,
  namesOf,
  ranked,
  type SequenceGroup,
  sleeps,
  type Tasks,
  taskCount,
  taskName,
  tasksOf,
} from "../sequences";
import { momentNames, percent, whole } from "../words";

const most = 6; // panels

// A sleep takes half a step.
const asleep = 0.5;

interface Choice {
  label: string;
  groups: SequenceGroup[];
}

function inSequence(group: SequenceGroup): boolean {
  return group.sequence.rows.length > 1;
}

/// The best of each learner with as many stored images: those that slept, the one without sleep, others.
function bestOfEach(groups: SequenceGroup[]): SequenceGroup[] {
  const order = ranked(groups);
  const best = order.filter(
    (group, i) => order.findIndex((other) => learnerOf(other) === learnerOf(group)) === i,
  );
  const rank = (group: SequenceGroup) =>
    sleeps(group)
      ? 0
      : learnerOf(group) === "sequential"
        ? 1
        : learnerOf(group) === "waking"
          ? 3
          : 2;
  return best.sort((a, b) => rank(a) - rank(b)).slice(0, most);
}

function choicesOf(tasks: Tasks): Choice[] {
  const groups = tasks.groups.filter(inSequence);
  const labelled = (text: string) => (tasks.label ? `${tasks.label} · ${text}` : text);
  const sizes = [...new Set(groups.map(memoryOf))].sort((a, b) => a - b);
  const compared = sizes.map((size) => ({
    label: labelled(
      size === 0 ? "best of each, no stored images" : `best of each, ${whole(size)} stored images`,
    ),
    groups: bestOfEach(groups.filter((group) => memoryOf(group) === size)),
  }));
  const learners = [...new Set(groups.map(learnerOf))];
  const alone = learners.flatMap((learner) => {
    const same = ranked(groups.filter((group) => learnerOf(group) === learner));
    if (same.length < 2) return [];
    const number = same.length > most ? `best ${most} of ${same.length}` : `all ${same.length}`;
    return [{ label: labelled(`${learnerName(learner)}: ${number}`), groups: same.slice(0, most) }];
  });
  return [...compared, ...alone];
}

function valuesOf(group: SequenceGroup, panel: string) {
  return group.sequence.rows.flatMap((row, r) =>
    [row.before, row.slept].flatMap((accuracies, moment) =>
      (accuracies?.mean ?? []).flatMap((mean, task) => {
        // Nothing is known of a task before it is learned.
        if (mean == null || task >= row.learned) return [];
        const deviation = accuracies?.deviation[task];
        return [
          {
            panel,
            x: row.learned + asleep * moment,
            task,
            name: taskName(group, task),
            moment: row.slept
              ? moment === 0
                ? momentNames.before
                : momentNames.after_sleep
              : "After learning",
            after: taskName(group, r),
            mean,
            text:
              deviation == null
                ? percent(mean)
                : `${percent(mean)} ± ${(100 * deviation).toFixed(1)}`,
          },
        ];
      }),
    ),
  );
}

function figureOf(study: Study, all: SequenceGroup[], { groups }: Choice): Figure {
  const names = namesOf(study, all);
  const nameOf = (group: SequenceGroup) => names[all.indexOf(group)] ?? group.label;
  const count = Math.max(...groups.map(taskCount));
  const slept = groups.some(sleeps);
  const direct = count <= 10;
  const first = (group: SequenceGroup) => group.sequence.rows.at(-1);
  return {
    caption: `Accuracy on the test images of each task, from when it was learned on; ${direct ? "lines begin with their classes" : "later tasks are lighter"}. ${slept ? "Shaded: sleep, with the accuracy before it (circle) and after it (square). " : ""}Means over seeds. In gray, the accuracy on all classes in the end.`,
    summary: groups
      .map((group) => {
        const last = first(group);
        const left = (last?.slept ?? last?.before)?.mean ?? [];
        return `${nameOf(group)}, in the end: ${left.map((mean, task) => `${taskName(group, task)}: ${percent(mean, 0)}`).join("; ")}.`;
      })
      .join(" "),
    spec: (frame) => {
      const { theme } = frame;
      const { columns, width, gap } = columnsFor(frame, groups.length, 240);
      const x = {
        field: "x",
        type: "quantitative",
        title: "After task",
        scale: { domain: [0.8, count + (slept ? asleep : 0) + 0.2], nice: false },
        axis: {
          grid: false,
          values: Array.from({ length: count }, (_, k) => k + 1),
          format: "d",
          labelOverlap: "greedy",
        },
      };
      const y = {
        field: "mean",
        type: "quantitative",
        title: null,
        scale: { domain: [0, 1.1], nice: false },
        axis: { format: ".0%", values: [0, 0.25, 0.5, 0.75, 1] },
      };
      const color = {
        field: "task",
        type: "ordinal",
        scale: { scheme: { name: "viridis", extent: theme.dark ? [0.3, 1] : [0, 0.8] } },
        legend: null,
      };
      // What a line is called, on a ground of paper.
      const beginning = (style: { stroke?: string; strokeWidth?: number }) => ({
        transform: [{ filter: "datum.x === datum.task + 1" }],
        mark: { type: "text", dy: -10, fontSize: 11, tooltip: false, ...style },
        encoding: { x, y, color, text: { field: "name" } },
      });
      return {
        columns,
        spacing: gap,
        concat: groups.map((group) => {
          const values = valuesOf(group, nameOf(group));
          const nights = group.sequence.rows.flatMap((row) =>
            row.slept
              ? [{ from: row.learned, to: row.learned + asleep, text: `after task ${row.learned}` }]
              : [],
          );
          return {
            title: {
              text: nameOf(group).split(" · ").slice(0, 2).join(" · "),
              subtitle: [
                ...nameOf(group).split(" · ").slice(2),
                `${percent(accuracyOf(group))} in the end`,
              ].join(" · "),
              anchor: "start",
              limit: width + 40,
            },
            width,
            height: 180,
            data: { values },
            layer: [
              {
                data: { values: nights },
                mark: { type: "rect", color: theme.quiet, opacity: 0.16 },
                encoding: {
                  x: { ...x, field: "from" },
                  x2: { field: "to" },
                  tooltip: { field: "text", title: "sleep" },
                },
              },
              { mark: { type: "line", strokeWidth: 2 }, encoding: { x, y, color } },
              {
                mark: { type: "point", filled: true, size: 36, opacity: 1 },
                encoding: {
                  x,
                  y,
                  color,
                  shape: {
                    field: "moment",
                    type: "nominal",
                    scale: {
                      domain: ["After learning", momentNames.before, momentNames.after_sleep],
                      range: ["circle", "circle", "square"],
                    },
                    legend: null,
                  },
                  tooltip: [
                    { field: "name", title: "task" },
                    { field: "after", title: "after task" },
                    { field: "moment", title: "moment" },
                    { field: "text", title: "accuracy" },
                  ],
                },
              },
              ...(direct
                ? [beginning({ stroke: theme.paper, strokeWidth: 3 }), beginning({})]
                : []),
            ],
          };
        }),
      };
    },
    table: {
      columns: ["configuration", "after task", "moment", "task", "accuracy", "± accuracy"],
      rows: groups.flatMap((group) =>
        group.sequence.rows.flatMap((row) =>
          [row.before, row.slept].flatMap((accuracies, moment) =>
            (accuracies?.mean ?? []).map((mean, task) => [
              nameOf(group),
              row.learned,
              row.slept ? (moment === 0 ? "before sleep" : "after sleep") : "after learning",
              taskName(group, task),
              mean,
              accuracies?.deviation[task],
            ]),
          ),
        ),
      ),
    },
  };
}

export function taskLinesSlot(study: Study): Slot | null {
  const choices = tasksOf(study).flatMap((tasks) =>
    choicesOf(tasks).map((choice) => ({ ...choice, all: tasks.groups })),
  );
  return slotOf(
    {
      id: `${study.name}-tasks`,
      title: "Accuracy of each task along the sequence",
      choose: "Show",
      draws: "all",
    },
    choices,
    (choice) => choice.label,
    (choice) => figureOf(study, choice.all, choice),
  );
}
