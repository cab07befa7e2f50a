/** Small controls that every panel is made of. */

import { h, uniqueId } from "./dom.ts";

type Attributes = Readonly<Record<string, string | boolean>>;

export function button(
  text: string,
  action: string,
  act: () => void,
  more: Attributes = {},
): HTMLButtonElement {
  const element = h("button", { type: "button", "data-sl-action": action, ...more }, text);
  element.addEventListener("click", act);
  return element;
}

/** A list to choose from; an option may have another word than its value. */
export function choice(
  action: string,
  options: readonly (readonly [value: string, word: string])[],
  change: (value: string) => void,
): HTMLSelectElement {
  const element = h("select", { id: uniqueId(), "data-sl-action": action });
  for (const [value, word] of options) element.append(h("option", { value }, word));
  element.addEventListener("change", () => change(element.value));
  return element;
}

/** A control with its label in front. */
export function labelled(word: string, control: HTMLElement): HTMLElement {
  return h("span", { class: "sl-field" }, h("label", { for: control.id }, word), control);
}

/** A part that can be opened: `details` with its summary. */
export function foldable(word: string, action: string, ...content: Node[]): HTMLDetailsElement {
  return h(
    "details",
    { class: "sl-fold" },
    h("summary", { "data-sl-action": action }, word),
    ...content,
  );
}

/** Lets all controls inside work, or none but those whose action is named. */
export function enable(root: Element, enabled: boolean, but: readonly string[] = []): void {
  for (const control of root.querySelectorAll("button, select, input, textarea")) {
    const action = control.getAttribute("data-sl-action") ?? "";
    control.toggleAttribute("disabled", !enabled && !but.includes(action));
  }
}
