/** Everything that a learner can do: the buttons, the commands and the keys end here. */

import type { JupyterFrontEnd } from "@jupyterlab/application";
import type { INotebookTracker, NotebookPanel } from "@jupyterlab/notebook";
import { reading, turn } from "../direction.ts";
import { api } from "./api.ts";
import { fillIn, goToCheck, ours } from "./cells.ts";
import { Checker } from "./check.ts";
import {
  assignmentOf,
  fetchAssignment,
  fetchFeedback,
  lookAtExchange,
  submit,
} from "./exchange.ts";
import { neighbour, questionInNeed, type Store, unitInView } from "./store.ts";
import type { Assignment } from "./types.ts";
import { bare, format } from "./words.ts";

export class Actions {
  private readonly checker: Checker;
  private readonly app: JupyterFrontEnd;
  private readonly tracker: INotebookTracker;
  private readonly store: Store;

  constructor(app: JupyterFrontEnd, tracker: INotebookTracker, store: Store) {
    this.app = app;
    this.tracker = tracker;
    this.store = store;
    this.checker = new Checker(store, () => this.refresh());
  }

  /** Fetches the course anew. */
  readonly refresh = async (): Promise<void> => {
    try {
      const course = await api.course(this.store.state.path);
      this.store.set({ course, trouble: null });
    } catch (error) {
      this.store.set({ trouble: error instanceof Error ? error.message : String(error) });
    }
  };

  /** Does something; what goes wrong is said in a sentence. */
  readonly attempt = async (act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.store.say(format(this.store.words.trouble ?? "{message}", { message }));
    }
  };

  /** The open notebook, when it is one of the course. */
  get panel(): NotebookPanel | null {
    const panel = this.tracker.currentWidget;
    return panel !== null && typeof ours(panel.content.model).unit === "string" ? panel : null;
  }

  /** A notebook came into view. */
  async look(panel: NotebookPanel | null): Promise<void> {
    if (panel === null) return;
    await panel.context.ready;
    if (this.tracker.currentWidget !== panel) return;
    const { unit } = ours(panel.content.model);
    this.store.set({ path: panel.context.path, unit: typeof unit === "string" ? unit : null });
    await this.refresh();
    if (this.panel !== panel) return;
    this.fillIn(panel);
    await this.attempt(() => this.checker.resume(panel));
  }

  /** Brings the predictions of the lesson along, so that nobody answers twice. */
  private fillIn(panel: NotebookPanel): void {
    const questions = unitInView(this.store.state)?.questions ?? [];
    for (const { id, title, predicted } of questions) {
      if (predicted === null || !fillIn(panel, id, predicted)) continue;
      this.store.say(format(this.store.words.filled_in, { title, value: predicted }));
    }
  }

  /** Keeps the place, where it is one in the course. */
  async remember(panel: NotebookPanel): Promise<void> {
    if (this.store.state.course?.workspace == null || this.panel !== panel) return;
    const cell = panel.content.activeCell?.model.id ?? "";
    await this.attempt(() => api.place(panel.context.path, cell));
    // The first visit begins a unit.
    if (unitInView(this.store.state)?.standing === "not-begun") await this.refresh();
  }

  async open(path: string): Promise<NotebookPanel | null> {
    await this.app.commands.execute("docmanager:open", { path });
    const panel = this.tracker.find(({ context }) => context.path === path) ?? null;
    if (panel === null) return null; // Notebook 7 opens another page
    await panel.context.ready;
    return panel;
  }

  readonly check = (): Promise<void> =>
    this.attempt(async () => {
      const exercise = unitInView(this.store.state)?.exercise;
      const here = this.panel;
      const panel =
        here !== null && (exercise === undefined || here.context.path !== lesson(this.store))
          ? here
          : exercise !== undefined && (await this.open(exercise));
      if (!panel) return this.store.say(this.store.words.no_notebook ?? "");
      await this.checker.start(panel);
    });

  readonly stop = (): Promise<void> =>
    this.attempt(async () => {
      const { check } = this.store.state;
      if (check?.running) await this.checker.stop(check.path);
    });

  /** The next hint: of a question, or of the first that is not right yet. */
  readonly hint = (question?: string): Promise<void> =>
    this.attempt(async () => {
      const unit = unitInView(this.store.state);
      const needed = question ?? questionInNeed(unit)?.id;
      if (unit === null || needed === undefined) {
        return this.store.say(this.store.words.no_hint ?? "");
      }
      const ladder = await api.hint(unit.exercise, needed);
      await this.refresh();
      this.store.say(bare(ladder.shown.at(-1) ?? this.store.words.no_hint ?? ""));
    });

  readonly go = (by: -1 | 1): Promise<void> =>
    this.attempt(async () => {
      // The state follows only when a notebook is ready; who clicks before means the one in view.
      const inView = this.tracker.currentWidget?.context.path ?? this.store.state.path;
      const path = neighbour({ ...this.store.state, path: inView }, by);
      if (path !== null) await this.open(path);
    });

  readonly goToQuestion = (question: string): Promise<void> =>
    this.attempt(async () => {
      const unit = unitInView(this.store.state);
      const panel = unit && (await this.open(unit.exercise));
      if (panel) await goToCheck(panel, question);
    });

  readonly reset = (): Promise<void> =>
    this.attempt(async () => {
      const { panel } = this;
      if (panel === null) return this.store.say(this.store.words.no_notebook ?? "");
      await panel.context.save();
      const { copy } = await api.reset(panel.context.path);
      await panel.context.revert();
      this.store.set({ open: null });
      this.store.say(format(this.store.words.reset_done, { copy }));
    });

  /** Another language for the whole course. */
  readonly speak = (language: string): Promise<void> =>
    this.attempt(async () => {
      const open = this.openPanels();
      for (const panel of open) await panel.context.save();
      await api.language(this.store.state.path, language, true);
      for (const panel of open) await panel.context.revert();
      await this.refresh();
    });

  /** The next language for the notebook in view alone. */
  readonly switchLanguage = (): Promise<void> =>
    this.attempt(async () => {
      const { panel } = this;
      const next = this.otherLanguage;
      if (panel === null || next === null) {
        return this.store.say(this.store.words.no_notebook ?? "");
      }
      await panel.context.save();
      await api.language(panel.context.path, next.code, false);
      await panel.context.revert();
      this.store.say(format(this.store.words.switched, { language: next.name }));
    });

  /** The language that the notebook in view could have instead. */
  get otherLanguage(): { code: string; name: string } | null {
    const languages = Object.entries(this.store.state.course?.languages ?? {});
    const now = ours(this.panel?.content.model ?? null).language;
    const at = languages.findIndex(([code]) => code === now);
    const [code, name] = languages[(at + 1) % languages.length] ?? [];
    return code === undefined || name === undefined ? null : { code, name };
  }

  /** The other direction for the text of the notebook in view. */
  readonly direct = (): void => {
    const model = this.panel?.content.model;
    if (model) turn(model);
  };

  /** The direction that the text would have then. */
  get otherDirection(): "ltr" | "rtl" {
    const model = this.panel?.content.model;
    return model && reading(model).direction === "rtl" ? "ltr" : "rtl";
  }

  /** Looks for a class's exchange; where there is none, nothing of it is shown. */
  readonly lookAtExchange = (): Promise<void> => this.attempt(() => lookAtExchange(this.store));

  readonly fetch = (assignment?: Assignment): Promise<void> =>
    this.attempt(async () => {
      const which = assignment ?? this.store.state.assignments?.find(({ fetched }) => !fetched);
      if (which === undefined) return this.store.say(this.store.words.nothing_to_fetch ?? "");
      const path = await fetchAssignment(this.store, which);
      if (path !== null) await this.open(path);
    });

  readonly submit = (assignment?: Assignment): Promise<void> =>
    this.attempt(async () => {
      const which = assignment ?? this.assignment;
      if (which === null) return this.store.say(this.store.words.no_assignment ?? "");
      await submit(this.store, which, this.openPanels());
    });

  readonly feedback = (assignment?: Assignment): Promise<void> =>
    this.attempt(async () => {
      const which = assignment ?? this.assignment;
      if (which === null) return this.store.say(this.store.words.no_assignment ?? "");
      const page = await fetchFeedback(this.store, which);
      if (page !== null) await this.openPage(page);
    });

  /** The assignment that the notebook in view belongs to. */
  get assignment(): Assignment | null {
    return assignmentOf(this.store, this.store.state.path);
  }

  /** Shows a page of feedback, in JupyterLab's own viewer, which runs no script of it. */
  async openPage(path: string): Promise<void> {
    await this.app.commands.execute("docmanager:open", { path, factory: "HTML Viewer" });
  }

  private openPanels(): readonly NotebookPanel[] {
    const open: NotebookPanel[] = [];
    this.tracker.forEach((panel) => {
      if (typeof ours(panel.content.model).unit === "string") open.push(panel);
    });
    return open;
  }

  readonly forget = (): Promise<void> =>
    this.attempt(async () => {
      await api.forget(this.store.state.path);
      await this.refresh();
      this.store.say(this.store.words.stored_deleted ?? "");
    });
}

/** The lesson of the unit in view, when that is what is open. */
function lesson(store: Store): string | null {
  const unit = unitInView(store.state);
  return unit?.lesson === store.state.path ? unit.lesson : null;
}
