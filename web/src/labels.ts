// What configurations are called: by the choices in which they differ.

import { panelOf } from "./choices";
import type { Report, Study } from "./report";
import { sequenceLabels } from "./sequences";

function labelled(study: Study, keys: string[]): string[] {
  return study.groups.map((group) =>
    panelOf(
      group,
      keys.filter((key) => group.choices[key] != null),
    ),
  );
}

/// The sleep mostly goes by the size of the data, and then is not named; what else tells no
/// configurations apart has the beginning of its id.
function labelsOf(study: Study): string[] {
  const ofSequences = sequenceLabels(study);
  if (ofSequences) return ofSequences;
  const { varying } = study;
  for (const keys of [varying.filter((key) => key !== "sleep"), varying]) {
    const labels = labelled(study, keys);
    if (new Set(labels).size === labels.length && !labels.includes("")) return labels;
  }
  if (study.groups.length === 1) return ["all"];
  return labelled(study, varying).map((label, i) =>
    `${label} · ${study.groups[i]?.id ?? i}`.replace(/^ · /, ""),
  );
}

/// The page's data, with labels.
export function readReport(text: string): Report {
  const report = JSON.parse(text) as Report;
  for (const study of report.studies) {
    const labels = report.kind === "sleep" ? [study.name] : labelsOf(study);
    study.groups.forEach((group, i) => {
      group.label = labels[i] ?? "";
    });
  }
  return report;
}
