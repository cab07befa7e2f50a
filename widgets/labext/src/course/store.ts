/** State that the sidebar shows and the commands change: one value, and who wants to hear of it. */

import type { Assignment, Course, Question, Unit, Words } from "./types.ts";

/** A check as the sidebar shows it. */
export interface Check {
  readonly path: string;
  readonly running: boolean;
  /** The question whose cells run now. */
  readonly question: string | null;
  /** By question, the word for what came out. */
  readonly statuses: Readonly<Record<string, string>>;
  readonly count: number;
}

export interface State {
  readonly course: Course | null;
  /** Why the course could not be fetched. */
  readonly trouble: string | null;
  /** The notebook in view; empty when there is none. */
  readonly path: string;
  readonly check: Check | null;
  /** The last thing that happened, in words. */
  readonly said: string;
  /** The unit that the notebook in view says it belongs to. */
  readonly unit: string | null;
  /** A class's assignments; null where there is no exchange. */
  readonly assignments: readonly Assignment[] | null;
  /** Where checks run, in words: said with the first check of this page. */
  readonly where: string | null;
  /** The part that is to be open: "glossary", "stored", "reset". */
  readonly open: string | null;
}

export class Store {
  state: State = {
    course: null,
    trouble: null,
    path: "",
    check: null,
    said: "",
    unit: null,
    assignments: null,
    where: null,
    open: null,
  };
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly get = (): State => this.state;

  set(changes: Partial<State>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of [...this.listeners]) listener();
  }

  get words(): Words {
    return this.state.course?.words ?? {};
  }

  /** Says what happened: in the sidebar and to screen readers. */
  say(text: string): void {
    this.set({ said: text });
  }
}

/** The unit of the notebook in view; without one, the unit of what comes next. */
export function unitInView({ course, path, unit }: State): Unit | null {
  if (course === null) return null;
  const named = course.units.find(({ id }) => id === unit);
  if (named !== undefined) return named;
  const has = (file: string | undefined) => (unit: Unit) =>
    unit.lesson === file || unit.exercise === file;
  return course.units.find(has(path)) ?? course.units.find(has(course.next?.notebook)) ?? null;
}

/** The notebook before (-1) or after (1) the one in view, in reading order. */
export function neighbour({ course, path }: State, by: -1 | 1): string | null {
  const notebooks = course?.units.flatMap(({ lesson, exercise }) => [lesson, exercise]) ?? [];
  const here = notebooks.indexOf(path);
  if (here < 0) return by === 1 ? (course?.next?.notebook ?? null) : null;
  return notebooks[here + by] ?? null;
}

/** The question that a hint without a name is for: the first that was checked and is not right. */
export function questionInNeed(unit: Unit | null): Question | null {
  const open = unit?.questions.filter(({ automatic, solved }) => automatic && !solved) ?? [];
  return open.find(({ ladder }) => ladder.goal !== null) ?? null;
}
