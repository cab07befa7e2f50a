/** Asks the course's routes on the learner's own server, with Jupyter's token and XSRF cookie. */

import { URLExt } from "@jupyterlab/coreutils";
import { ServerConnection } from "@jupyterlab/services";
import type { Assignments, Course, JobNews, Ladder, Stored, Term } from "./types.ts";

type Values = Readonly<Record<string, string | number | boolean>>;

async function ask<Answer>(method: string, route: string, query: Values, body?: Values) {
  const settings = ServerConnection.makeSettings();
  const search = new URLSearchParams(Object.entries(query).map(([key, v]) => [key, String(v)]));
  const url = `${URLExt.join(settings.baseUrl, "synthlab", route)}?${search}`;
  // What is kept outlives its page: the place is told when the learner leaves.
  const init: RequestInit = { method, keepalive: method === "PUT" };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await ServerConnection.makeRequest(url, init, settings);
  const answer: unknown = await response.json();
  if (!response.ok) {
    const { message } = answer as { message?: string };
    throw new Error(message ?? response.statusText);
  }
  return answer as Answer;
}

export const api = {
  course: (path: string) => ask<Course>("GET", "course", { path }),
  place: (path: string, cell: string) => ask("PUT", "place", {}, { path, cell }),
  check: (path: string) => ask<JobNews>("POST", "check", {}, { path }),
  news: (path: string, after: number) => ask<JobNews>("GET", "check", { path, after }),
  stop: (path: string) => ask<JobNews>("DELETE", "check", { path }),
  hint: (path: string, question: string) => ask<Ladder>("POST", "hint", {}, { path, question }),
  reset: (path: string) => ask<{ copy: string }>("POST", "reset", {}, { path }),
  language: (path: string, language: string, all: boolean) =>
    ask("POST", "language", {}, { path, language, all }),
  exchange: (path: string) => ask<Assignments>("GET", "exchange", { path }),
  act: (path: string, action: string, course: string, assignment: string) =>
    ask<Assignments>("POST", "exchange", {}, { path, action, course, assignment }),
  glossary: () => ask<{ terms: readonly Term[] }>("GET", "glossary", {}),
  stored: (path: string) => ask<Stored>("GET", "progress", { path }),
  forget: (path: string) => ask("DELETE", "progress", { path }),
};
