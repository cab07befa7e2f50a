/** Table: rows with named, typed columns, in the direction of the text around it. */

import { foldable } from "./controls.ts";
import { h } from "./dom.ts";
import { fixed, type Words } from "./words.ts";

export interface Column {
  readonly name: string;
  readonly kind: "text" | "number";
  /** Digits after the point; without them a number is written as it is. */
  readonly digits?: number;
  /** Whether its cells name their rows. */
  readonly heads?: boolean;
}

/** A value of each column; nothing where there is none. */
export type Row = readonly (string | number | undefined)[];

/** What a cell says. */
export function cellText(value: string | number | undefined, { digits }: Column): string {
  if (value === undefined || Number.isNaN(value)) return "\u2013";
  const text = typeof value === "number" && digits !== undefined ? fixed(value, digits) : value;
  return typeof value === "number" ? String(text).replace("-", "\u2212") : String(text);
}

/** Whether a cell is another than it was before; nothing has changed where nothing was. */
export function changed(before: readonly Row[], rows: readonly Row[], r: number, c: number) {
  const old = before[r];
  return old !== undefined && !Object.is(old[c], rows[r]?.[c]);
}

type Content = [caption: string, columns: readonly Column[], rows: () => readonly Row[]];

export class Table {
  readonly element: HTMLElement;
  private readonly table = h("table");
  private readonly group = h(
    "div",
    { class: "sl-table", tabindex: "0", role: "group" },
    this.table,
  );
  private readonly fold: HTMLDetailsElement | null = null;
  private readonly words: Words;
  private content: Content = ["", [], () => []];

  /** With the name of an action it can be opened, and is filled only then: for pictures. */
  constructor(words: Words, action?: string) {
    this.words = words;
    this.element = this.group;
    if (action === undefined) return;
    this.fold = foldable(words.as_table ?? "", action, this.group);
    this.fold.addEventListener("toggle", () => this.fill());
    this.element = this.fold;
  }

  /** Cells that are other than they were in the rows `before` are marked. */
  draw(
    caption: string,
    columns: readonly Column[],
    rows: () => readonly Row[],
    before: readonly Row[] = [],
  ): void {
    this.content = [caption, columns, rows];
    this.group.setAttribute("aria-label", caption);
    this.fill(before);
  }

  private fill(before: readonly Row[] = []): void {
    if (this.fold?.open === false) return;
    const [caption, columns, make] = this.content;
    const rows = make();
    const title = h("caption", this.fold === null ? {} : { class: "sl-unseen" }, caption);
    const heads = columns.map((column) => cell("th", column, column.name, { scope: "col" }));
    const body = rows.map((row, r) =>
      h(
        "tr",
        {},
        ...columns.map((column, c) => {
          const [tag, scope] = column.heads
            ? (["th", { scope: "row" }] as const)
            : (["td", {}] as const);
          const element = cell(tag, column, cellText(row[c], column), scope);
          if (changed(before, rows, r, c)) {
            element.classList.add("sl-changed");
            element.append(h("span", { class: "sl-unseen" }, this.words.changed ?? ""));
          }
          return element;
        }),
      ),
    );
    this.table.replaceChildren(
      title,
      h("thead", {}, h("tr", {}, ...heads)),
      h("tbody", {}, ...body),
    );
  }
}

/** Numbers and their heads stand to the right in every language; text where a line begins. */
function cell(
  tag: "th" | "td",
  { kind }: Column,
  text: string,
  more: Readonly<Record<string, string>>,
): HTMLTableCellElement {
  const direction = kind === "number" ? { dir: "ltr" } : {};
  return h(tag, { class: `sl-${kind}`, ...direction, ...more }, h("span", { dir: "auto" }, text));
}
