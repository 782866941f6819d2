// The numbers beside a picture.

export type Cell = string | number | null | undefined;

export interface Table {
  columns: string[];
  rows: Cell[][];
}

function field(cell: Cell): string {
  const text = cell == null ? "" : String(cell);
  // What a spreadsheet would take for a formula is text here.
  const safe = typeof cell === "string" && /^[=+@\t]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(table: Table): string {
  return [table.columns, ...table.rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}
