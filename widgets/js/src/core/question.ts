/** Question of a lesson: its frame on the page and the answer's way to the kernel. */

import { bindKeys } from "./a11y.ts";
import { h, uniqueId } from "./dom.ts";
import { inline } from "./guide.ts";
import type { Model } from "./types.ts";
import type { Words } from "./words.ts";

/** A block of the lesson, as the kernel gives it to the page: without what is right. */
export interface Item {
  readonly id: string;
  readonly kind: string;
  readonly ask: string;
  readonly options: readonly string[];
  readonly start?: readonly number[];
  readonly points: number;
  readonly low?: number;
  readonly high?: number;
  readonly step?: number;
  readonly bottom?: number;
  readonly top?: number;
  readonly x?: string;
  readonly y?: string;
}

/** Milliseconds without an answer after which the page says that the kernel is busy. */
const BUSY = 1000;

/** What a prediction and a quiz question have in common. */
export class Question {
  readonly root: HTMLElement;
  readonly words: Words;
  readonly item: Item;
  /** What came of the answer: announced when it changes. */
  readonly outcome = h("div", { class: "sl-told", role: "status" });
  private readonly problem = h("p", { class: "sl-message", role: "alert", dir: "auto" });
  private readonly model: Model;
  private busy: ReturnType<typeof setTimeout> | undefined;

  constructor(model: Model, kind: string) {
    this.model = model;
    this.words = model.get("words") as Words;
    this.item = model.get("item") as Item;
    this.root = h("section", {
      class: `sl-root sl-asked sl-${kind}`,
      "aria-label": this.words.title ?? "",
      lang: model.get("language") as string,
      dir: model.get("direction") as string,
      "data-sl-item": this.item.id,
    });
    bindKeys(this.root, {}); // the notebook's single-key shortcuts stay out
  }

  /** Puts the question, what answers it and what came of it together. */
  build(...content: Node[]): void {
    const ask = h("p", { class: "sl-ask" }, ...inline(this.item.ask));
    this.root.append(ask, ...content, this.problem, this.outcome);
  }

  /** Calls back with the state, now and whenever the kernel has a new one. */
  follow<State>(show: (state: State) => void): () => void {
    const heard = (): void => {
      clearTimeout(this.busy);
      const state = this.model.get("state") as State & { problem: string | null };
      this.problem.textContent = state.problem ?? "";
      show(state);
      this.root.dataset.slHeard = String(Number(this.root.dataset.slHeard ?? 0) + 1);
    };
    this.model.on("change:state", heard);
    heard();
    return () => this.model.off("change:state", heard);
  }

  commit(value: unknown): void {
    this.model.send({ commit: value });
    clearTimeout(this.busy);
    this.busy = setTimeout(() => {
      this.problem.textContent = this.words.waiting ?? "";
    }, BUSY);
  }
}

/** The options to choose among, as buttons to press: one of them, or several. */
export function choices({ options }: Item, type: "radio" | "checkbox", legend: string) {
  const name = uniqueId();
  const rows = options.map((option, n) => {
    const id = uniqueId();
    const input = h("input", { type, name, id, "data-sl-action": `option-${n}` });
    return { input, label: h("label", { for: id }, input, prose(option)) };
  });
  const labels = rows.map(({ label }) => label);
  const title = h("legend", {}, legend);
  return { element: h("fieldset", { class: "sl-options" }, title, ...labels), rows };
}

/** A text of an option or an explanation, with its `code`. */
export function prose(text: string): HTMLElement {
  return h("span", {}, ...inline(text));
}
