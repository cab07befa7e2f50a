/**
 * A notebook reads in the direction of its language.
 *
 * When a notebook's metadata says `synthlab.language: "ar"`, its Markdown cells read from right
 * to left, rendered and in the editor; `synthlab.direction` is the learner's own choice and goes
 * before it. The shell is never mirrored, and code, mathematics and outputs stay as they are:
 * outputs of the course bring their own direction.
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
    const apply = (): void => direct(node, reading(model));
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

interface Reading {
  readonly direction: "ltr" | "rtl";
  readonly language: string | null;
  /** Whether anything has to be said: what reads as the page does needs no attribute. */
  readonly own: boolean;
}

type Metadata = { language?: unknown; direction?: unknown } | undefined;

/** How the text of a notebook reads. */
export function reading(model: Pick<INotebookModel, "getMetadata">): Reading {
  const metadata = model.getMetadata("synthlab") as Metadata;
  const language = typeof metadata?.language === "string" ? metadata.language : null;
  const chosen = metadata?.direction;
  const natural = language !== null && RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
  const direction = chosen === "rtl" || chosen === "ltr" ? chosen : natural;
  return { direction, language, own: direction === "rtl" || natural === "rtl" };
}

/** Gives the text of a notebook the other direction; its language's own needs no entry. */
export function turn(model: INotebookModel): void {
  const { direction: _, ...metadata } = (model.getMetadata("synthlab") ?? {}) as object & Metadata;
  const to = reading(model).direction === "rtl" ? "ltr" : "rtl";
  const natural = reading({ getMetadata: () => metadata }).direction;
  model.setMetadata("synthlab", to === natural ? metadata : { ...metadata, direction: to });
}

function direct(notebook: HTMLElement, { direction, language, own }: Reading): void {
  if (!own) {
    for (const element of notebook.querySelectorAll(`${TEXT}[dir]`)) {
      element.removeAttribute("dir");
      element.removeAttribute("lang");
    }
    return;
  }
  const lang = language ?? "";
  // A cell of the course says its direction itself, for pages outside JupyterLab.
  const said = `.jp-MarkdownOutput > div[lang="${lang}"]`;
  for (const element of notebook.querySelectorAll(
    `:is(${TEXT}, ${said}):not([lang="${lang}"][dir="${direction}"])`,
  )) {
    element.setAttribute("dir", direction);
    element.setAttribute("lang", lang);
  }
}
