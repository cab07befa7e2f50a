/** Sentences with values in them. */

type Values = Readonly<Record<string, string | number>>;

/** The sentence with its `{fields}` filled. */
export function format(sentence: string | undefined, values: Values = {}): string {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (field, name: string) =>
    String(values[name] ?? field),
  );
}

/** A sentence as it is spoken: without the marks around `code`. */
export function bare(sentence: string): string {
  return sentence.replaceAll("`", "");
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
