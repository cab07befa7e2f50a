/** Begin a twin, choose which of the two the settings change, keep one, drop it. */

import { button } from "../core/controls.ts";
import { h } from "../core/dom.ts";
import { fill, type Words } from "../core/words.ts";
import type { Details, RunName } from "./frame.ts";

export interface Twinning {
  branch(action: "begin" | "keep" | "drop"): void;
  choose(run: RunName): void;
}

export class Twins {
  readonly element: HTMLElement;
  private readonly begin: HTMLButtonElement;
  private readonly pair: HTMLElement;
  private readonly since = h("span", { class: "sl-note" });
  private readonly choices: Record<RunName, HTMLButtonElement>;
  private readonly words: Words;

  constructor(words: Words, acts: Twinning) {
    this.words = words;
    const chooser = (run: RunName): HTMLButtonElement =>
      button(words[`choose_${run}`] ?? run, `twin-choose-${run}`, () => acts.choose(run), {
        "aria-pressed": "false",
      });
    this.begin = button(words.twin_begin ?? "", "twin-begin", () => acts.branch("begin"));
    this.choices = { a: chooser("a"), b: chooser("b") };
    this.pair = h(
      "span",
      { class: "sl-controls", hidden: true },
      this.choices.a,
      this.choices.b,
      button(words.twin_keep ?? "", "twin-keep", () => acts.branch("keep")),
      button(words.twin_drop ?? "", "twin-drop", () => acts.branch("drop")),
      this.since,
    );
    this.element = h(
      "div",
      { class: "sl-controls", "data-sl-part": "twin" },
      this.begin,
      this.pair,
    );
  }

  show({ branched, chosen }: Details): void {
    this.begin.hidden = branched !== null;
    this.pair.hidden = branched === null;
    if (branched !== null) fill(this.since, this.words.twin_since ?? "", { step: branched });
    for (const [run, choice] of Object.entries(this.choices)) {
      choice.setAttribute("aria-pressed", String(run === chosen));
    }
  }
}
