/** Translated sentences with numbers in them. */

export type Words = Readonly<Record<string, string>>;

type Values = Readonly<Record<string, number | string>>;

/** The sentence with its `{fields}` filled, as plain text. */
export function format(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (field, name: string) => String(values[name] ?? field));
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
