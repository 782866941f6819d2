// One configuration under each distortion, at each moment.

import { type Figure, type Slot, slotOf } from "../figure";
import { dotsOf, momentDots } from "../moment-dots";
import {
  type Distorted,
  type Group,
  type Moment,
  moments,
  mostGained,
  type Study,
  type Summary,
} from "../report";
import { counted, gainName, momentNames, percent, points } from "../words";

type DistortedGroup = Group & { distorted: Distorted };

interface Row {
  name: string;
  at: (moment: Moment) => Summary | undefined;
}

// Clean images first, then one distortion after the other, then their mean.
function rowsOf({ distorted, moments: clean }: DistortedGroup): Row[] {
  const rows = distorted.distortions.map((name, i) => ({
    name,
    at: (moment: Moment) => distorted.moments[moment]?.each[i],
  }));
  if (!distorted.distortions.includes("clean")) {
    rows.unshift({ name: "clean", at: (moment) => clean[moment]?.measures.accuracy });
  }
  return [
    ...rows,
    { name: "mean over distortions", at: (moment) => distorted.moments[moment]?.mean },
  ];
}

function figureOf(group: DistortedGroup): Figure {
  const rows = rowsOf(group);
  const present = moments.filter((moment) => group.distorted.moments[moment]);
  const gains = group.distorted.gains.filter((gain) => gain.mean != null);
  const inWords = gains.map((gain) => {
    const interval = gain.low == null ? "" : ` (${points(gain.low)} to ${points(gain.high)})`;
    return `${gainName(gain)}: ${points(gain.mean)} points on average over them${interval}`;
  });
  const clean = present.map(
    (moment) =>
      `${momentNames[moment]}, ${percent(group.moments[moment]?.measures.accuracy.mean)} clean`,
  );
  return {
    caption:
      "Test accuracy under each distortion. Points are means over seeds; lines, one standard deviation. Attacks are made anew against the network of each moment.",
    summary: `${counted(group.distorted.distortions.length, "distortion")}, ${group.label}. ${[...inWords, ...clean].join("; ")}.`,
    spec: (frame) =>
      momentDots(
        frame,
        rows.flatMap(({ name, at }) =>
          present.flatMap((moment) => dotsOf(name, momentNames[moment], at(moment))),
        ),
        present.map((moment) => ({ moment, name: momentNames[moment] })),
        "Test accuracy",
        "distortion",
      ),
    table: {
      columns: [
        "distortion",
        ...present.flatMap((moment) => [momentNames[moment], `± ${momentNames[moment]}`]),
      ],
      rows: rows.map(({ name, at }) => [
        name,
        ...present.flatMap((moment) => [at(moment)?.mean, at(moment)?.deviation]),
      ]),
    },
  };
}

export function distortionSlot(study: Study): Slot | null {
  const groups = study.groups.filter((group): group is DistortedGroup => group.distorted != null);
  return slotOf(
    {
      id: `${study.name}-each-distortion`,
      title: "Each distortion",
      choose: "Configuration",
      start: mostGained(groups, (group) => group.distorted.gains),
      draws: "all",
    },
    groups,
    (group) => group.label,
    figureOf,
  );
}
