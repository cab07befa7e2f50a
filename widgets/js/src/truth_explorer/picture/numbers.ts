/** The explorer's numbers: samples, floor, excess with its interval, gap. */

import { h } from "../../core/dom.ts";
import { fill, fixed, type Words } from "../../core/words.ts";
import type { Values } from "../frame.ts";

export class Numbers {
  readonly element = h("dl", { class: "sl-meters" });
  private readonly words: Words;
  private readonly cells = new Map<string, [value: HTMLElement, interval: HTMLElement]>();

  constructor(words: Words) {
    this.words = words;
    for (const name of ["seen", "floor", "excess", "gap"]) {
      const cell = [h("dd", { class: "sl-value" }), h("dd", { class: "sl-interval" })] as const;
      this.cells.set(name, [...cell]);
      this.element.append(
        h("div", { "data-sl-number": name }, h("dt", {}, words[name] ?? ""), ...cell),
      );
    }
  }

  draw({ n, floor, excess, gap }: Values): void {
    this.show("seen", { n });
    this.show("floor", { nats: fixed(floor, 3) });
    if (excess === null || gap === null) {
      for (const name of ["excess", "gap"]) this.empty(name);
      return;
    }
    this.show("excess", { nats: fixed(excess.value, 3) });
    this.show("gap", { nats: fixed(gap, 3) });
    const interval = this.cells.get("excess")?.[1];
    if (interval === undefined) return;
    fill(interval, this.words.interval ?? "", {
      low: fixed(excess.low, 3),
      high: fixed(excess.high, 3),
    });
  }

  private show(name: string, values: Readonly<Record<string, string | number>>): void {
    const value = this.cells.get(name)?.[0];
    if (value !== undefined) fill(value, this.words[`${name}_value`] ?? "", values);
  }

  private empty(name: string): void {
    const [value, interval] = this.cells.get(name) ?? [];
    value?.replaceChildren(this.words.nothing_yet ?? "");
    interval?.replaceChildren();
  }
}
