/** Cells of an open notebook: results beside them, and going to one of them. */

import type { ICellModel, NotebookPanel } from "@jupyterlab/notebook";
import type { Happened } from "./types.ts";

interface Ours {
  readonly unit?: unknown;
  readonly language?: unknown;
  readonly question?: unknown;
  readonly role?: unknown;
}

/** What the course says of a notebook or a cell. */
export function ours(model: { getMetadata(key: string): unknown } | null): Ours {
  const found = model?.getMetadata("synthlab");
  return typeof found === "object" && found !== null ? found : {};
}

/** The index of the first cell that passes a test; -1 when none does. */
function indexOf(panel: NotebookPanel, test: (cell: ICellModel) => boolean): number {
  const cells = panel.content.model?.cells;
  for (let i = 0; i < (cells?.length ?? 0); i += 1) {
    const cell = cells?.get(i);
    if (cell !== undefined && test(cell)) return i;
  }
  return -1;
}

/**
 * Shows what a check came to in the cell that it belongs to, as if the cell had been run. The
 * outputs come from the learner's own code on the learner's own server, as those of a run do.
 */
export function show(panel: NotebookPanel, event: Happened, onlyIfEmpty = false): void {
  const index = indexOf(panel, (cell) => cell.id === event.cell);
  const cell = panel.content.model?.cells.get(index);
  if (index < 0 || cell?.outputs === undefined) return;
  if (onlyIfEmpty && cell.outputs.length > 0) return;
  cell.trusted = true;
  cell.outputs.clear();
  for (const output of event.outputs) cell.outputs.add(output);
}

/**
 * Fills a prediction that was made in the lesson into the answer that asks for it, where nothing
 * was written yet; returns whether it did.
 */
export function fillIn(panel: NotebookPanel, question: string, value: number): boolean {
  const is = (cell: ICellModel) => ours(cell).question === question && ours(cell).role === "answer";
  const answer = panel.content.model?.cells.get(indexOf(panel, is))?.sharedModel;
  const untouched = /^(\w+ = )None$/.exec(answer?.getSource().trim() ?? "");
  if (answer === undefined || untouched === null) return false;
  answer.setSource(`${untouched[1]}${value}`);
  return true;
}

/** Goes to the check of a question and puts the focus on its result. */
export async function goToCheck(panel: NotebookPanel, question: string): Promise<void> {
  const is = (role: string) => (cell: ICellModel) =>
    ours(cell).question === question && ours(cell).role === role;
  const check = indexOf(panel, is("check"));
  await goTo(panel, check >= 0 ? check : indexOf(panel, is("written")));
}

/** Goes to a cell by its id. */
export async function goToCell(panel: NotebookPanel, id: string): Promise<void> {
  await goTo(
    panel,
    indexOf(panel, (cell) => cell.id === id),
  );
}

async function goTo(panel: NotebookPanel, index: number): Promise<void> {
  if (index < 0) return;
  const { content } = panel;
  content.deselectAll();
  content.activeCellIndex = index;
  content.mode = "command";
  await content.scrollToItem(index, "center");
  const cell = content.widgets[index];
  if (cell === undefined) return;
  await cell.ready;
  const result = cell.node.querySelector<HTMLElement>(".jp-OutputArea-output .synthlab-verdict");
  const target = result ?? cell.node;
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus();
}
