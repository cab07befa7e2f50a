/** Where the learner is, what comes before and after, and which hint is meant. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { neighbour, questionInNeed, type State, Store, unitInView } from "../src/course/store.ts";
import type { Course, Question, Unit } from "../src/course/types.ts";
import { format } from "../src/course/words.ts";

const question = (id: string, more: Partial<Question> = {}): Question => ({
  id,
  title: id,
  points: 1,
  earned: 0,
  automatic: true,
  extra: false,
  status: null,
  solved: false,
  hints: 0,
  predicted: null,
  ladder: { goal: null, shown: [], left: 0 },
  ...more,
});

const unit = (id: string, questions: readonly Question[] = []): Unit => ({
  id,
  title: id,
  minutes: 1,
  standing: "not-begun",
  lesson: `lessons/${id}.ipynb`,
  exercise: `exercises/${id}.ipynb`,
  points: 1,
  earned: 0,
  questions,
});

const course: Course = {
  title: "t",
  language: "en",
  direction: "ltr",
  languages: { en: "English" },
  workspace: ".",
  units: [unit("a"), unit("b")],
  next: { notebook: "exercises/a.ipynb", question: null, title: "a" },
  words: {},
};

const at = (path: string): State => ({ ...new Store().state, course, path });

test("reading order goes lesson, exercise, next lesson, and ends at both ends", () => {
  assert.equal(neighbour(at("lessons/a.ipynb"), -1), null);
  assert.equal(neighbour(at("lessons/a.ipynb"), 1), "exercises/a.ipynb");
  assert.equal(neighbour(at("exercises/a.ipynb"), 1), "lessons/b.ipynb");
  assert.equal(neighbour(at("exercises/b.ipynb"), 1), null);
});

test("from a notebook of one's own, next is what the course says", () => {
  assert.equal(neighbour(at("mine.ipynb"), 1), "exercises/a.ipynb");
  assert.equal(neighbour(at("mine.ipynb"), -1), null);
  assert.equal(unitInView(at("mine.ipynb"))?.id, "a");
  assert.equal(unitInView(at("lessons/b.ipynb"))?.id, "b");
});

test("a hint is for the first question that was checked and is not right", () => {
  const ladder = { goal: "g", shown: [], left: 2 };
  const questions = [
    question("solved", { solved: true, ladder }),
    question("unchecked"),
    question("written", { automatic: false, ladder }),
    question("open", { ladder }),
  ];
  assert.equal(questionInNeed(unit("a", questions))?.id, "open");
  assert.equal(questionInNeed(unit("a", questions.slice(0, 3))), null);
  assert.equal(questionInNeed(null), null);
});

test("listeners hear every change until they stop", () => {
  const store = new Store();
  const heard: string[] = [];
  const stop = store.subscribe(() => heard.push(store.state.said));
  store.say("one");
  stop();
  store.say("two");
  assert.deepEqual(heard, ["one"]);
});

test("fields without a value stay as they are", () => {
  assert.equal(format("{a} of {b}", { a: 1 }), "1 of {b}");
  assert.equal(format(undefined), "");
});
