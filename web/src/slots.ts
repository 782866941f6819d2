// Which figures a report has.

import { accuracySlot } from "./charts/accuracy";
import { activitySlot } from "./charts/activity";
import { confusionSlot } from "./charts/confusion";
import { gainsSlot } from "./charts/gains";
import { recallSlots } from "./charts/recall";
import { recordingSlots } from "./charts/recording";
import { weightSlots } from "./charts/weights";
import type { Slot } from "./figure";
import type { Report, Study } from "./report";

export function slotsOf(study: Study, kind: Report["kind"]): Slot[] {
  const slots: (Slot | null)[] = [];
  const several = kind === "study";
  if (several) slots.push(accuracySlot(study));
  if (several && study.groups.some((group) => group.gains.length > 0)) slots.push(gainsSlot(study));
  slots.push(confusionSlot(study), ...recallSlots(study), ...weightSlots(study));
  slots.push(activitySlot(study));
  return slots.filter((slot) => slot !== null);
}

export function allSlots(report: Report): Slot[] {
  return [
    ...report.studies.flatMap((study) => slotsOf(study, report.kind)),
    ...(report.recording ? recordingSlots(report.recording) : []),
  ];
}
