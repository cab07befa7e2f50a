/** Check my work: save, start a job on the server, show each result when it arrives. */

import type { NotebookPanel } from "@jupyterlab/notebook";
import { api } from "./api.ts";
import { goToCheck, show } from "./cells.ts";
import type { Store } from "./store.ts";
import type { Happened, JobNews } from "./types.ts";
import { format } from "./words.ts";

export class Checker {
  private readonly store: Store;
  private readonly refresh: () => Promise<void>;
  /** Whether it was said where checks run. */
  private told = false;
  /** Notebooks whose job is being followed. */
  private readonly followed = new Set<string>();

  constructor(store: Store, refresh: () => Promise<void>) {
    this.store = store;
    this.refresh = refresh;
  }

  /** Saves and checks a notebook; a check that runs already is joined. */
  async start(panel: NotebookPanel): Promise<void> {
    const { path } = panel.context;
    this.store.set({ where: null });
    await panel.context.save();
    const job = await api.check(path);
    this.store.say(this.store.words.starting ?? "");
    await this.follow(panel, job, true);
  }

  /** Finds the check of a notebook again that was started before this page was loaded. */
  async resume(panel: NotebookPanel): Promise<void> {
    const job = await api.news(panel.context.path, -2);
    if (job.state !== "none") await this.follow(panel, job, false);
  }

  async stop(path: string): Promise<void> {
    await api.stop(path);
  }

  private async follow(panel: NotebookPanel, first: JobNews, asked: boolean): Promise<void> {
    const { path } = panel.context;
    if (this.followed.has(path)) return;
    this.followed.add(path);
    try {
      const fresh = first.state === "running";
      const statuses: Record<string, string> = {};
      let job = first;
      for (;;) {
        if (fresh) this.tellWhere(job);
        for (const event of job.events ?? []) this.take(panel, event, statuses, fresh);
        this.store.set({
          check: {
            path,
            running: job.state === "running",
            question: job.running ?? null,
            statuses: { ...statuses },
            count: job.questions?.length ?? 0,
          },
        });
        if (job.state !== "running" || panel.isDisposed) break;
        job = await api.news(path, job.version ?? -1);
      }
      await this.refresh();
      if (fresh) await this.conclude(panel, job, statuses, asked);
    } finally {
      this.followed.delete(path);
    }
  }

  /** Says once, in a page's life, whether checks run in a sandbox. */
  private tellWhere({ sandboxed }: JobNews): void {
    if (this.told || sandboxed == null) return;
    this.told = true;
    const where = this.store.words[sandboxed ? "in_sandbox" : "no_sandbox"] ?? "";
    this.store.set({ where });
    this.store.say(where);
  }

  private take(
    panel: NotebookPanel,
    event: Happened,
    statuses: Record<string, string>,
    fresh: boolean,
  ): void {
    if (!panel.isDisposed) show(panel, event, !fresh);
    const { words } = this.store;
    if (event.kind === "error") {
      const [output] = event.outputs;
      const message = `${output?.ename}: ${output?.evalue}`;
      if (fresh) this.store.say(format(words.raised, { message }));
      return;
    }
    const question = event.question ?? "";
    statuses[question] = event.status ?? "error";
    if (!fresh) return;
    const status = words[event.status ?? "error"] ?? "";
    this.store.say(format(words.result, { title: this.title(question), status }));
  }

  /** What it all came to: a sentence, and the focus on the first thing that is not right. */
  private async conclude(
    panel: NotebookPanel,
    job: JobNews,
    statuses: Record<string, string>,
    asked: boolean,
  ): Promise<void> {
    const { words } = this.store;
    if (job.state === "cancelled") return this.store.say(words.stopped ?? "");
    if (job.state === "failed") {
      return this.store.say(format(words.failed, { message: job.message ?? "" }));
    }
    const all = job.questions ?? [];
    const first = all.find((question) => statuses[question] !== "correct");
    const right = all.filter((question) => statuses[question] === "correct").length;
    const values = { right, all: all.length };
    if (first === undefined) return this.store.say(format(words.all_right, values));
    this.store.say(format(words.some_right, { ...values, title: this.title(first) }));
    if (asked && !panel.isDisposed) await goToCheck(panel, first);
  }

  private title(question: string): string {
    const { course } = this.store.state;
    const questions = course?.units.flatMap((unit) => unit.questions) ?? [];
    return questions.find(({ id }) => id === question)?.title ?? question;
  }
}
