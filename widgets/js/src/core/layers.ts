/** Check boxes for what a picture shows. */

import { h } from "./dom.ts";
import type { Words } from "./words.ts";

export class Layers {
  readonly element: HTMLElement;
  private readonly boxes: HTMLInputElement[];

  constructor(words: Words, names: readonly string[], change: (names: string[]) => void) {
    this.boxes = names.map((name) => {
      const box = h("input", { type: "checkbox", value: name, "data-sl-action": `layer-${name}` });
      box.addEventListener("change", () => change(this.names));
      return box;
    });
    this.element = h(
      "fieldset",
      { class: "sl-layers" },
      h("legend", { class: "sl-unseen" }, words.layers ?? ""),
      ...this.boxes.map((box) => h("label", {}, box, words[`layer_${box.value}`] ?? box.value)),
    );
  }

  get names(): string[] {
    return this.boxes.filter((box) => box.checked).map((box) => box.value);
  }

  show(names: readonly string[]): void {
    for (const box of this.boxes) box.checked = names.includes(box.value);
  }

  /** The other way round for the box at this place, as its key asks. */
  toggle(at: number): void {
    this.boxes[at]?.click();
  }
}
