/** Settings that the kernel describes: lists to choose from and numbers to type. */

import { choice, labelled } from "./controls.ts";
import { h, uniqueId } from "./dom.ts";
import type { Words } from "./words.ts";

/** As `synthlab.experiments.Field` tells it. */
export interface Field {
  readonly name: string;
  readonly group: string;
  readonly kind: "choice" | "number" | "count";
  readonly options: readonly string[];
  readonly low?: number;
  readonly high?: number;
  readonly restarts: boolean;
}

export type Values = Readonly<Record<string, string | number>>;

export class Settings {
  readonly element: HTMLElement;
  private readonly controls = new Map<string, HTMLInputElement | HTMLSelectElement>();
  private readonly words: Words;
  private typing: HTMLElement | null = null; // what the reader has not finished

  constructor(
    words: Words,
    fields: readonly Field[],
    set: (name: string, value: string | number) => void,
  ) {
    this.words = words;
    const groups = [...new Set(fields.map(({ group }) => group))].map((group) =>
      h(
        "fieldset",
        {},
        h("legend", {}, words[`group_${group}`] ?? group),
        ...fields
          .filter((field) => field.group === group)
          .map((field) => {
            const control = this.make(field, (value) => set(field.name, value));
            const word = words[`set_${field.name}`] ?? field.name;
            return labelled(field.restarts ? `${word} *` : word, control);
          }),
      ),
    );
    this.element = h(
      "div",
      { class: "sl-settings", "data-sl-part": "settings" },
      ...groups,
      h("p", { class: "sl-note" }, `* ${words.restarts ?? ""}`),
    );
  }

  /** What the kernel says goes, also where it refused what was typed. */
  show(values: Values): void {
    for (const [name, control] of this.controls) {
      const value = String(values[name] ?? "");
      if (control instanceof HTMLSelectElement && !has(control, value)) {
        control.append(h("option", { value }, this.word(name, value)));
      }
      // The same value again would take away what the reader has selected to type over.
      if (this.typing !== control && control.value !== value) control.value = value;
    }
  }

  private make(field: Field, set: (value: string | number) => void) {
    const action = `set-${field.name}`;
    if (field.kind === "choice") {
      const options = field.options.map((value) => [value, this.word(field.name, value)] as const);
      const list = choice(action, options, set);
      this.controls.set(field.name, list);
      return list;
    }
    const input = h("input", {
      id: uniqueId(),
      type: "number",
      dir: "ltr",
      step: field.kind === "count" ? "1" : "any",
      min: String(field.low ?? 0),
      max: String(field.high ?? ""),
      "data-sl-action": action,
    });
    input.addEventListener("input", () => {
      this.typing = input;
    });
    const commit = (): void => {
      if (this.typing !== input) return;
      this.typing = null;
      set(Number(input.value));
    };
    input.addEventListener("change", commit);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") commit();
    });
    this.controls.set(field.name, input);
    return input;
  }

  private word(name: string, value: string): string {
    return this.words[`${name}_${value}`] ?? this.words[`option_${value}`] ?? value;
  }
}

function has(list: HTMLSelectElement, value: string): boolean {
  return [...list.options].some((option) => option.value === value);
}
