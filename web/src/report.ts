// The data of a page, as src/report/ writes it.

export const moments = ["before", "after_sleep", "after_finetuning", "control"] as const;
export type Moment = (typeof moments)[number];

export const measures = ["accuracy", "balanced_accuracy", "macro_f1", "geometric_mean"] as const;
export type Measure = (typeof measures)[number];

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/// Null: not known, as the deviation of a single value.
export interface Summary {
  n: number;
  mean: number | null;
  deviation: number | null;
}

export interface Gain {
  from: Moment;
  to: Moment;
  measures: Record<Measure, Estimate>;
}

export interface AtMoment {
  measures: Record<Measure, Summary>;
  classes: { samples: number; answered: number; recall: number; deviation: number | null }[];
  confusion: number[][]; // [truth][answer], means over seeds
}

export interface Weights {
  mean: number;
  deviation: number;
  low: number;
  high: number;
  positive: number;
  sparsity: number;
}

/// Of the units of a layer to test images.
export interface Responses {
  active: Summary; // part above 0
  sparsity: Summary;
  class_correlation: Summary; // mean over pairs of classes
  correlations: (number | null)[]; // of classes (0, 1), (0, 2), ..., (1, 2), ...
}

export interface Layer {
  units: number;
  rate: Summary; // spikes per unit and step
  threshold?: number | null;
  before?: Weights;
  after?: Weights;
  strengthened?: Summary; // part of the weights
  weakened?: Summary;
  strengthened_strongly?: Summary; // by more than the deviation of the weights before
  weakened_strongly?: Summary;
  responses?: { before: Responses; after: Responses };
}

/// Numbers of weights in bins of equal width.
export interface Histogram {
  low: number;
  high: number;
  before: number[];
  after_sleep: number[];
}

/// With the 95% interval of the mean.
export interface Estimate extends Summary {
  low: number | null;
  high: number | null;
}

/// [tasks]
export interface TaskAccuracies {
  mean: (number | null)[];
  deviation: (number | null)[];
}

export const sequenceNumbers = [
  "accuracy", // on all test samples in the end
  "mean_of_tasks",
  "learning_accuracy",
  "backward_transfer",
  "forgetting",
] as const;

/// Tasks learned one after the other.
export interface Sequence {
  classes: number[][]; // of each task; empty: their order goes by the seed
  stored: number; // images, at most
  reads_old: boolean; // other images of earlier tasks
  numbers: Record<(typeof sequenceNumbers)[number], Estimate>;
  // After each task; one row where all were learned at once.
  rows: { learned: number; before: TaskAccuracies; slept?: TaskAccuracies }[];
}

/// What a sleeping group's final accuracy is above that of one without sleep, seed by seed.
export interface SequenceGain extends Estimate {
  group: number; // its place
  over: number;
}

/// Accuracy under each of the distortions, and the mean over them.
export interface Distorted {
  distortions: string[]; // "blur=2.5"
  moments: Partial<Record<Moment, { mean: Summary; each: Summary[] }>>;
  gains: ({ from: Moment; to: Moment } & Estimate)[]; // of the mean
}

/// The seeds of one configuration.
export interface Group {
  label: string; // see labels.ts; all else is as src/report/ writes it
  id: string;
  choices: { [key: string]: Json };
  seeds: number[];
  samples: number;
  program: string;
  machine: string;
  moments: Partial<Record<Moment, AtMoment>>;
  gains: Gain[];
  script: string;
  configuration: Json;
  failures: string[];
  sleep?: { n: number; ends: Record<string, number>; steps: number };
  layers?: Layer[]; // the input first
  histograms?: Histogram[]; // [layers], without the input, of the first seed
  sequence?: Sequence;
  distorted?: Distorted;
}

/// The group to which sleep alone gave most.
export function mostGained<Kind extends Group>(
  groups: Kind[],
  gainsOf: (group: Kind) => { from: Moment; to: Moment; mean: number | null }[] = ({ gains }) =>
    gains.map(({ from, to, measures }) => ({ from, to, mean: measures.accuracy.mean })),
): number {
  const gained = groups.map(
    (group) =>
      gainsOf(group).find((gain) => gain.from === "before" && gain.to === "after_sleep")?.mean ??
      Number.NEGATIVE_INFINITY,
  );
  return Math.max(0, gained.indexOf(Math.max(...gained)));
}

export interface Verdict {
  from: Moment;
  to: Moment;
  measures: Record<
    Measure,
    { groups: number; trials: number; better: number; worse: number; mean: number | null }
  >;
}

export interface Study {
  name: string;
  answers: string;
  plan: string; // TOML
  script: string; // commands of a shell that do it again; empty where there are none
  planned: number;
  done: number;
  varying: string[];
  constant: [string, string][];
  groups: Group[];
  verdicts: Verdict[];
  sequence_gains?: SequenceGain[];
}

export interface Recording {
  source: string;
  steps: number;
  bin_steps: number;
  layers: {
    units: number;
    fired: number; // units that did
    rates: number[]; // per bin of time
    raster_units: number[];
    raster_until: number;
    raster_steps: number[];
    raster_rows: number[];
  }[];
  input?: {
    rows: number;
    columns: number;
    rates: number[];
    moments: { step: number; units: number[] }[];
  };
  states: {
    step: number;
    layer: number;
    mean: number;
    deviation: number;
    low: number;
    high: number;
    positive: number;
  }[];
  trace: { step: number; accuracy: number }[];
}

/// Whether samples kept aside show that the sleep helps.
export interface Guard {
  helps: boolean;
  steps: number;
  before: number;
  after: number;
  gain: number;
  low: number;
  high: number;
  samples: number;
}

export interface Report {
  kind: "study" | "sleep";
  source: string;
  program: string;
  command: string;
  studies: Study[];
  recording?: Recording;
  guard?: Guard;
  training?: { before: number; after: number; samples: number };
}
