/**
 * A notebook reads in the direction of its language.
 *
 * When a notebook's metadata says `synthlab.language: "ar"`, its Markdown cells read from right
 * to left, rendered and in the editor. The shell is never mirrored, and code, mathematics and
 * outputs stay as they are: outputs of the course bring their own direction.
 */

import { type INotebookModel, INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";

/** The courses' languages that are written from right to left. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(["ar"]);

/** What of a Markdown cell is text: the rendered cell, and the editor. */
const TEXT = ".jp-MarkdownCell :is(.jp-MarkdownOutput, .jp-InputArea-editor)";

export const direction = {
  id: "synthlab-course:direction",
  description: "Lets a notebook of the course read in the direction of its language.",
  autoStart: true,
  requires: [INotebookTracker],
  activate(_app: unknown, tracker: INotebookTracker): void {
    tracker.forEach(follow);
    tracker.widgetAdded.connect((_, panel) => follow(panel));
  },
};

function follow(panel: NotebookPanel): void {
  void panel.context.ready.then(() => {
    const { model, node } = panel.content;
    if (model === null) return;
    const apply = (): void => direct(node, language(model));
    // Cells come and go: they are made when they scroll into view, and remade when rendered.
    const observer = new MutationObserver(apply);
    observer.observe(node, { childList: true, subtree: true });
    model.metadataChanged.connect(apply);
    panel.disposed.connect(() => {
      observer.disconnect();
      model.metadataChanged.disconnect(apply);
    });
    apply();
  });
}

/** The language that the notebook's metadata gives, or null. */
function language(model: INotebookModel): string | null {
  const metadata = model.getMetadata("synthlab") as { language?: unknown } | undefined;
  return typeof metadata?.language === "string" ? metadata.language : null;
}

function direct(notebook: HTMLElement, code: string | null): void {
  if (code === null || !RIGHT_TO_LEFT.has(code)) {
    for (const element of notebook.querySelectorAll(`${TEXT}[dir]`)) {
      element.removeAttribute("dir");
      element.removeAttribute("lang");
    }
    return;
  }
  for (const element of notebook.querySelectorAll(`${TEXT}:not([lang="${code}"][dir="rtl"])`)) {
    element.setAttribute("dir", "rtl");
    element.setAttribute("lang", code);
  }
}
