/** Sentences with values in them, and the shapes that stand beside them. */

import { counted, format as filled } from "../../../js/src/core/words.ts";
import type { Words } from "./types.ts";

type Values = Readonly<Record<string, string | number>>;

/** The sentence with its `{fields}` filled; nothing where there is no sentence. */
export function format(sentence: string | undefined, values: Values = {}): string {
  return filled(sentence ?? "", values);
}

/** The sentence that counts `n`, in the course's language. */
export function count(words: Words, key: string, n: number): string {
  return filled(counted(words, key, n), { n });
}

/** A sentence as it is spoken: without the marks around `code`. */
export function bare(sentence: string): string {
  return sentence.replace(/[`\u2066\u2069]/g, "");
}

/** The symbol of a verdict or of how far a lesson is: a shape, so that colour is not needed. */
export const SHAPES: Readonly<Record<string, string>> = {
  "not-begun": "○",
  begun: "◐",
  done: "●",
  correct: "✓",
  partial: "◐",
  incorrect: "✗",
  "not-attempted": "○",
  error: "!",
  timeout: "◔",
  unchecked: "○",
};
