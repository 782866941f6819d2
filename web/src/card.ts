// A figure on the page: chart, text, table, and what can be saved.

import embed, { type Result, type VisualizationSpec } from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";
import { fullSpec, svgOf, viewOf } from "./draw";
import { button, download, element, select } from "./element";
import type { Figure, Slot } from "./figure";
import { csv, type Table } from "./table";
import { dark, light } from "./theme";
import { slug } from "./words";

const shownRows = 300;

export interface Card {
  node: HTMLElement;
  draw: () => Promise<void>;
}

export function isDark(): boolean {
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function written(cell: string | number | null | undefined): string {
  if (cell == null) return "";
  return typeof cell === "number" ? String(Number(cell.toPrecision(5))) : cell;
}

function tableNode(table: Table, title: string): HTMLElement {
  const row = (cells: Table["rows"][number], tag: "th" | "td") => {
    const made = element("tr");
    cells.forEach((cell, i) => {
      const scope: Record<string, string> = tag === "th" ? { scope: "col" } : {};
      const kind: Record<string, string> = typeof cell === "number" ? { class: "number" } : {};
      made.append(
        tag === "td" && i === 0
          ? element("th", { scope: "row", ...kind }, written(cell))
          : element(tag, { ...scope, ...kind }, written(cell)),
      );
    });
    return made;
  };
  const body = element("tbody");
  for (const cells of table.rows.slice(0, shownRows)) body.append(row(cells, "td"));
  const more = table.rows.length - shownRows;
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table: ${title}` },
    element("table", {}, element("thead", {}, row(table.columns, "th")), body),
    more > 0 && element("p", {}, `${more} more rows are in the CSV file.`),
  );
}

export function card(slot: Slot): Card {
  let index = slot.start ?? 0;
  let figure: Figure = slot.figure(index);
  let result: Result | null = null;
  const several = slot.labels.length > 1;

  // Vega gives its drawing roles of its own; readers of screens get the text instead.
  const drawing = element("div", { "aria-hidden": "true" });
  const chart = element("div", { class: "chart", role: "img" }, drawing);
  const caption = element("p", { class: "caption" });
  const summary = element("p", { class: "summary" });
  const details = element("details", { class: "numbers" }, element("summary", {}, "Table"));
  const fileName = () =>
    slug(slot.id) +
    (several && !(slot.draws === "first" && index === 0)
      ? `-${slug(slot.labels[index] ?? "")}`
      : "");

  const fillTable = () => {
    details.querySelector(".scroll")?.remove();
    if (details.open) details.append(tableNode(figure.table, slot.title));
  };
  details.addEventListener("toggle", fillTable);

  const choose = (to: number) => {
    index = to;
    figure = slot.figure(index);
    fillTable();
    void draw();
  };

  const draw = async () => {
    const theme = isDark() ? dark : light;
    const drawn = figure;
    caption.textContent = drawn.caption;
    summary.textContent = drawn.summary;
    chart.setAttribute("aria-label", `${slot.title}. ${drawn.summary}`);
    const width = Math.max(220, chart.clientWidth);
    const next = await embed(drawing, fullSpec(drawn, width, theme) as VisualizationSpec, {
      actions: false,
      renderer: drawn.busy ? "canvas" : "svg",
      ast: true,
      expr: expressionInterpreter,
      tooltip: { theme: theme.dark ? "dark" : "light" },
    });
    result?.finalize();
    result = next;
    chart.dataset.drawn = theme.dark ? "dark" : "light";
  };

  const save = (kind: string, make: () => Promise<Blob>) =>
    button(kind, `Save ${kind}: ${slot.title}`, async () => {
      download(`${fileName()}.${kind.toLowerCase()}`, await make());
    });
  const tools = element(
    "div",
    { class: "tools" },
    several && select(slot.choose, slot.labels, index, choose),
    element(
      "span",
      { class: "saves" },
      save("CSV", async () => new Blob([csv(figure.table)], { type: "text/csv" })),
      save("SVG", async () => new Blob([await svgOf(figure)], { type: "image/svg+xml" })),
      save("PNG", async () => {
        const canvas = await viewOf(figure).toCanvas(2);
        return new Promise<Blob>((resolve, reject) => {
          (canvas as unknown as HTMLCanvasElement).toBlob((blob) =>
            blob ? resolve(blob) : reject(new Error("there is no picture")),
          );
        });
      }),
    ),
  );
  const id = slug(slot.id);
  const node = element(
    "figure",
    { class: "card", id, "aria-labelledby": `${id}-title` },
    element("div", { class: "head" }, element("h3", { id: `${id}-title` }, slot.title), tools),
    chart,
    element("figcaption", {}, caption, summary),
    details,
  );
  return { node, draw };
}
