/** The course in JupyterLab and Notebook 7: sidebar, toolbar, commands. */

import { ILabShell, ILayoutRestorer, type JupyterFrontEnd } from "@jupyterlab/application";
import { ICommandPalette } from "@jupyterlab/apputils";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import { Actions } from "./actions.ts";
import { addCommands } from "./commands.ts";
import { ID, Sidebar } from "./sidebar.tsx";
import { speaker } from "./speaker.ts";
import { Store } from "./store.ts";

/** Milliseconds that a cell must stay the active one before it is a place to come back to. */
const STAY = 1500;

export const course = {
  id: "synthlab-course:course",
  description: "Shows the course, checks work, and keeps progress.",
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette, ILayoutRestorer, ILabShell],
  activate(
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    lab: ILabShell | null,
  ): void {
    const store = new Store();
    const actions = new Actions(app, tracker, store);
    const sidebar = new Sidebar(store, actions);
    document.body.append(speaker(store));
    app.shell.add(sidebar, "left", { rank: 150 });
    restorer?.add(sidebar, ID);

    const show = (part?: string): void => {
      app.shell.activateById(ID);
      if (part !== undefined) {
        store.set({ open: null });
        store.set({ open: part });
      } else {
        sidebar.node.querySelector<HTMLElement>(".sl-title")?.focus();
      }
    };
    addCommands(app, palette, store, actions, show);

    const first = actions.refresh();
    // The layout is there a while before all of Lab is.
    void Promise.all([first, lab?.restored ?? app.restored]).then(() => {
      // A server that was started on a workspace is there for the course.
      // Notebook 7 keeps its side areas closed until one is asked for.
      if (store.state.course?.workspace === "." && lab !== null) app.shell.activateById(ID);
    });
    void first.then(actions.lookAtExchange);
    remember(tracker, actions);
    tracker.currentChanged.connect((_, panel) => void actions.look(panel));
    void actions.look(tracker.currentWidget);
  },
};

/** Keeps the place: a while after a notebook comes into view or another cell, and on leaving. */
function remember(tracker: INotebookTracker, actions: Actions): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: NotebookPanel | null = null;
  const now = (): void => {
    clearTimeout(timer);
    if (waiting !== null) void actions.remember(waiting);
    waiting = null;
  };
  const later = (panel: NotebookPanel): void => {
    clearTimeout(timer);
    waiting = panel;
    timer = setTimeout(now, STAY);
  };
  window.addEventListener("pagehide", now);
  tracker.currentChanged.connect((_, panel) => panel && later(panel));
  const follow = (panel: NotebookPanel): void => {
    panel.content.activeCellChanged.connect(() => {
      if (tracker.currentWidget === panel) later(panel);
    });
  };
  tracker.forEach(follow);
  tracker.widgetAdded.connect((_, panel) => follow(panel));
}
