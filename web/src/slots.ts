// Which figures a report has.

import { axisOf } from "./axis";
import { accuracySlot } from "./charts/accuracy";
import { activitySlot } from "./charts/activity";
import { classGainsSlot } from "./charts/class-gains";
import { confusionSlot } from "./charts/confusion";
import { correlationSlot } from "./charts/correlations";
import { distortionSlot } from "./charts/distortions";
import { gainsSlot } from "./charts/gains";
import { histogramSlot } from "./charts/histograms";
import { distortedRankingSlot, rankingSlot } from "./charts/ranking";
import { recallSlot } from "./charts/recall";
import { recordingSlots } from "./charts/recording";
import { responseSlot } from "./charts/responses";
import { memorySlot } from "./charts/sequence-memory";
import { sequenceRankingSlot } from "./charts/sequence-ranking";
import { taskLinesSlot } from "./charts/task-lines";
import { taskMatrixSlot } from "./charts/task-matrix";
import { weightSlot } from "./charts/weights";
import type { Slot } from "./figure";
import type { Report, Study } from "./report";
import { isSequence } from "./sequences";

function ofMoments(study: Study, several: boolean): (Slot | null)[] {
  if (study.groups.length === 0) return [];
  const axis = axisOf(study);
  return [
    several ? (axis ? accuracySlot(study, axis) : rankingSlot(study)) : null,
    several ? gainsSlot(study) : null,
    several ? distortedRankingSlot(study) : null,
    distortionSlot(study),
    confusionSlot(study),
    recallSlot(study),
    several ? classGainsSlot(study) : null,
  ];
}

// Moments of a sequence are those of its last sleep; tasks say more.
function ofTasks(study: Study): (Slot | null)[] {
  return [
    sequenceRankingSlot(study),
    taskLinesSlot(study),
    taskMatrixSlot(study),
    memorySlot(study),
  ];
}

export function slotsOf(study: Study, kind: Report["kind"]): Slot[] {
  const others = study.groups.filter((group) => !isSequence(group));
  const slots = [
    ...ofTasks(study),
    ...ofMoments({ ...study, groups: others }, kind === "study"),
    weightSlot(study),
    histogramSlot(study),
    responseSlot(study),
    correlationSlot(study),
    activitySlot(study),
  ];
  return slots.filter((slot) => slot !== null);
}

export function allSlots(report: Report): Slot[] {
  return [
    ...report.studies.flatMap((study) => slotsOf(study, report.kind)),
    ...(report.recording ? recordingSlots(report.recording) : []),
  ];
}
