/**
 * While a widget's run goes on, its messages leave the kernel's status alone.
 *
 * A widget answers the kernel many times a second. For each answer JupyterLab would show the
 * kernel busy and idle again: in the toolbar, the status bar, and with another icon in the
 * browser's tab. That flickers, and costs more than the widget's picture. JupyterLab has a list
 * of kinds of messages that do not count (`untracked_message_types`, which the server makes);
 * a widget's are on it as long as a run goes on.
 */

import { PageConfig } from "@jupyterlab/coreutils";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";

/** What `core/live.ts` tells. */
interface Running {
  readonly view: string;
  readonly running: boolean;
  readonly element: HTMLElement;
}

const OPTION = "untracked_message_types";
const WIDGETS = "comm_msg";

export const status = {
  id: "synthlab-course:status",
  description: "Lets the kernel's status rest while a widget's run goes on.",
  autoStart: true,
  requires: [INotebookTracker],
  activate(_app: unknown, tracker: INotebookTracker): void {
    const runs = new Map<string, () => void>(); // by view: how to end it
    document.addEventListener("synthlab-running", (event) => {
      const { view, running, element } = (event as CustomEvent<Running>).detail;
      runs.get(view)?.();
      runs.delete(view);
      const panel = tracker.find(({ node }) => node.contains(element));
      if (running && panel !== undefined) runs.set(view, rest(tracker, panel));
    });
  },
};

/** The server's list, kept while ours is in its place, and for how many runs it is. */
let usual = "";
let resting = 0;

/** Ignores the status that widgets' messages make; call what it returns to have it back. */
function rest(tracker: INotebookTracker, { sessionContext, disposed }: NotebookPanel): () => void {
  let begun = false;
  // Not while a kernel is busy: it would be shown as busy until something else is computed. Our
  // own is idle again in a moment, and then this is called again.
  const begin = (): void => {
    if (begun || busy(tracker)) return;
    begun = true;
    resting += 1;
    if (resting > 1) return;
    usual = PageConfig.getOption(OPTION);
    PageConfig.setOption(OPTION, JSON.stringify([...JSON.parse(usual || "[]"), WIDGETS]));
  };
  const end = (): void => {
    sessionContext.statusChanged.disconnect(begin);
    disposed.disconnect(end);
    if (!begun) return;
    begun = false;
    resting -= 1;
    if (resting === 0) PageConfig.setOption(OPTION, usual);
  };
  sessionContext.statusChanged.connect(begin);
  disposed.connect(end);
  begin();
  return end;
}

/** Whether the kernel of any open notebook is busy. */
function busy(tracker: INotebookTracker): boolean {
  const open = tracker.filter(
    ({ sessionContext }) => sessionContext.session?.kernel?.status === "busy",
  );
  return open.length > 0;
}
