// How a study was done, and how to do it again.

import { copyable, element, select } from "./element";
import type { Group, Study } from "./report";
import { counted } from "./words";

function groupDetails(study: Study, group: Group, several: boolean): HTMLElement {
  const box = element("div", { class: "group" });
  if (group.failures.length > 0) {
    box.append(
      element("p", { class: "failure" }, `What could not be done: ${group.failures.join("; ")}`),
    );
  }
  box.append(
    element(
      "p",
      {},
      `${counted(group.samples, "training sample")}; seeds ${group.seeds.join(", ")}; by Hypnos ${group.program} on ${group.machine}.`,
    ),
  );
  if (group.script === "" && several) {
    box.append(element("p", {}, "To do it again, run the study."));
  } else if (group.script) {
    box.append(
      element("h4", {}, `Seed ${group.seeds[0] ?? 1} again, stage by stage`),
      copyable(group.script, `the commands of ${study.name}, ${group.label}`),
    );
  }
  box.append(
    element(
      "details",
      {},
      element("summary", {}, "Configuration"),
      copyable(
        JSON.stringify(group.configuration, null, 2),
        `the configuration of ${study.name}, ${group.label}`,
      ),
    ),
  );
  return box;
}

/// @param several whether the page is of studies, not of one sleep
export function repeat(study: Study, several: boolean): HTMLElement {
  const place = element("div", {});
  const show = (index: number) => {
    const group = study.groups[index];
    place.replaceChildren(...(group ? [groupDetails(study, group, several)] : []));
  };
  show(0);
  const failed = study.groups.filter((group) => group.failures.length > 0).length;
  return element(
    "section",
    { class: "card repeat", "aria-label": `How ${study.name} was done` },
    element("h3", {}, "How it was done, and how to do it again"),
    failed > 0 &&
      element(
        "p",
        { class: "failure" },
        `A stage could not be done in ${counted(failed, "configuration")}.`,
      ),
    study.script !== "" && element("h4", {}, "The study"),
    study.script !== "" && copyable(study.script, `the plan of ${study.name} and its command`),
    study.groups.length > 1 &&
      select(
        "Configuration",
        study.groups.map((group) => group.label),
        0,
        show,
      ),
    place,
  );
}
