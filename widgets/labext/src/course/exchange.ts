/** A class's exchange: fetch, hand in, feedback. nbgrader does each of them, on the server. */

import type { NotebookPanel } from "@jupyterlab/notebook";
import { api } from "./api.ts";
import type { Store } from "./store.ts";
import type { Assignment } from "./types.ts";
import { format } from "./words.ts";

/** Fetches anew what there is in the exchange. */
export async function lookAtExchange(store: Store): Promise<void> {
  const { assignments } = await api.exchange(store.state.path);
  store.set({ assignments });
}

/** The assignment that a notebook belongs to; without one, the only one that was fetched. */
export function assignmentOf(store: Store, path: string): Assignment | null {
  const fetched = (store.state.assignments ?? []).filter((assignment) => assignment.fetched);
  const own = fetched.find(({ notebooks }) => notebooks.includes(path));
  return own ?? (fetched.length === 1 ? (fetched[0] ?? null) : null);
}

async function act(store: Store, action: string, { course, id }: Assignment): Promise<Assignment> {
  const { assignments } = await api.act(store.state.path, action, course, id);
  store.set({ assignments });
  const now = assignments?.find((found) => found.course === course && found.id === id);
  if (now === undefined) throw new Error(store.words.not_released ?? id);
  return now;
}

/** Fetches an assignment; returns its first notebook. */
export async function fetchAssignment(store: Store, which: Assignment): Promise<string | null> {
  const { title, notebooks } = await act(store, "fetch", which);
  store.say(format(store.words.fetched, { title }));
  return notebooks[0] ?? null;
}

/** Saves what is open of an assignment, and hands it in. */
export async function submit(
  store: Store,
  which: Assignment,
  open: readonly NotebookPanel[],
): Promise<void> {
  for (const panel of open) {
    if (which.notebooks.includes(panel.context.path)) await panel.context.save();
  }
  const { title, submissions } = await act(store, "submit", which);
  const [newest] = submissions;
  if (newest === undefined) return;
  const time = when(newest.at, store.state.course?.language ?? "");
  store.say(format(store.words.submitted, { title, time, receipt: newest.receipt }));
}

/** Fetches the feedback of an assignment; returns the page of the newest submission with one. */
export async function fetchFeedback(store: Store, which: Assignment): Promise<string | null> {
  const { title, submissions } = await act(store, "feedback", which);
  const page = submissions.flatMap(({ pages }) => pages)[0] ?? null;
  const word = page === null ? "no_feedback" : "feedback_fetched";
  store.say(format(store.words[word], { title }));
  return page;
}

/** A point in time as the reader writes it, with the digits that the rest of the course has. */
export function when(at: string, language: string): string {
  const locale = language === "" ? undefined : `${language}-u-nu-latn`;
  return new Date(at).toLocaleString(locale, { dateStyle: "medium", timeStyle: "medium" });
}
