// Draws a report's figures as SVG files: node figures.mjs DATA.json FOLDER

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { svgOf } from "./draw";
import { readReport } from "./labels";
import { allSlots } from "./slots";
import { slug } from "./words";

const [data, folder] = process.argv.slice(2);
if (!data || !folder) throw new Error("usage: node figures.mjs DATA.json FOLDER");
const report = readReport(readFileSync(data, "utf8"));

// Groups may have labels that make the same name.
const taken = new Set<string>();
function unique(name: string): string {
  let free = name;
  for (let n = 2; taken.has(free); ++n) free = `${name}-${n}`;
  taken.add(free);
  return free;
}

for (const slot of allSlots(report)) {
  const several = slot.draws === "all" && slot.labels.length > 1;
  const count = several ? slot.labels.length : 1;
  for (let i = 0; i < count; ++i) {
    const name = slug(slot.id) + (several ? `-${slug(slot.labels[i] ?? "")}` : "");
    writeFileSync(join(folder, `${unique(name)}.svg`), await svgOf(slot.figure(i)));
  }
}
