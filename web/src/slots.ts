// Which figures a report has.

import { axisOf } from "./axis";
import { accuracySlot } from "./charts/accuracy";
import { activitySlot } from "./charts/activity";
import { classGainsSlot } from "./charts/class-gains";
import { confusionSlot } from "./charts/confusion";
import { correlationSlot } from "./charts/correlations";
import { gainsSlot } from "./charts/gains";
import { histogramSlot } from "./charts/histograms";
import { rankingSlot } from "./charts/ranking";
import { recallSlot } from "./charts/recall";
import { recordingSlots } from "./charts/recording";
import { responseSlot } from "./charts/responses";
import { weightSlot } from "./charts/weights";
import type { Slot } from "./figure";
import type { Report, Study } from "./report";

export function slotsOf(study: Study, kind: Report["kind"]): Slot[] {
  const slots: (Slot | null)[] = [];
  const several = kind === "study";
  if (several) {
    const axis = axisOf(study);
    slots.push(axis ? accuracySlot(study, axis) : rankingSlot(study), gainsSlot(study));
  }
  slots.push(confusionSlot(study), recallSlot(study));
  if (several) slots.push(classGainsSlot(study));
  slots.push(weightSlot(study), histogramSlot(study));
  slots.push(responseSlot(study), correlationSlot(study), activitySlot(study));
  return slots.filter((slot) => slot !== null);
}

export function allSlots(report: Report): Slot[] {
  return [
    ...report.studies.flatMap((study) => slotsOf(study, report.kind)),
    ...(report.recording ? recordingSlots(report.recording) : []),
  ];
}
