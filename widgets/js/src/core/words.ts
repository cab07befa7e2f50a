/** Translated sentences with numbers in them. */

export type Words = Readonly<Record<string, string>>;

type Values = Readonly<Record<string, number | string>>;

const FROM_THE_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const STEADY = /^(?:\p{L}\w*(?:[ .'/-]\w+)*|\d+(?:[.,:/]\d+)*%?)$/u;

/**
 * The sentence with its `{fields}` filled, as plain text. In one that reads from the right, a value
 * that reads from the left is isolated, so that -2000 does not turn into 2000-: the rule of
 * synthlab/sentence.py.
 */
export function format(sentence: string, values: Values): string {
  const isolates = FROM_THE_RIGHT.test(sentence);
  return sentence.replace(/\{(\w+)\}/g, (field, name: string) => {
    const value = String(values[name] ?? field);
    const steady = !isolates || FROM_THE_RIGHT.test(value) || STEADY.test(value);
    return steady ? value : `\u2066${value}\u2069`;
  });
}

/** The form of the sentence `key` that counts `n`: Python sends all that the language has. */
export function counted(words: Words, key: string, n: number): string {
  return words[`${key}.${new Intl.PluralRules(words.lang).select(n)}`] ?? "";
}

/** Puts the sentence into an element, every number isolated so that it reads left to right. */
export function fill(element: Element, sentence: string, values: Values): void {
  const parts = sentence.split(/\{(\w+)\}/).map((part, i) => {
    if (i % 2 === 0) return part;
    const bdi = document.createElement("bdi");
    bdi.dir = "ltr";
    bdi.textContent = String(values[part] ?? "");
    return bdi;
  });
  element.replaceChildren(...parts);
}

/** A number with so many digits after the point; the digits are the same in every language. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}
