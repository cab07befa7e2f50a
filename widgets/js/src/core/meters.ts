/** Meters of the fakes: three numbers that are only honest together, each with its interval. */

import { h } from "./dom.ts";
import { fill, fixed, type Words } from "./words.ts";

/** A measured value with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** As `synthlab_widgets.modes` tells it. */
export interface Modes {
  readonly total: number;
  readonly covered: Estimate;
  readonly quality: Estimate;
  readonly kl: Estimate | null;
  /** The step at which they were counted; samples that are always the same have none. */
  readonly step?: number;
}

export class Meters {
  readonly element: HTMLElement;
  private readonly words: Words;
  private readonly cells = new Map<string, { value: HTMLElement; interval: HTMLElement }>();
  private readonly counted = h("p", { class: "sl-note" });

  constructor(words: Words) {
    this.words = words;
    const list = h("dl", { class: "sl-meters" });
    for (const name of ["modes", "quality", "kl"]) {
      const value = h("dd", { class: "sl-value" });
      const interval = h("dd", { class: "sl-interval" });
      this.cells.set(name, { value, interval });
      list.append(h("div", {}, h("dt", {}, words[name] ?? ""), value, interval));
    }
    this.element = h("div", { "data-sl-part": "meters" }, list, this.counted);
  }

  draw(modes: Modes): void {
    const { covered, quality, kl } = modes;
    this.show("modes", { covered: fixed(covered.value, 0), modes: modes.total }, [
      fixed(covered.low, 0),
      fixed(covered.high, 0),
    ]);
    this.show("quality", { share: fixed(100 * quality.value, 0) }, [
      fixed(100 * quality.low, 0),
      fixed(100 * quality.high, 0),
    ]);
    if (modes.step !== undefined)
      fill(this.counted, this.words.counted ?? "", { step: modes.step });
    if (kl !== null) {
      this.show("kl", { nats: fixed(kl.value, 3) }, [fixed(kl.low, 3), fixed(kl.high, 3)]);
      return;
    }
    const cell = this.cells.get("kl");
    cell?.value.replaceChildren(this.words.undefined ?? "");
    cell?.interval.replaceChildren(this.words.undefined_why ?? "");
  }

  private show(
    name: string,
    values: Readonly<Record<string, string | number>>,
    [low, high]: readonly [string, string],
  ): void {
    const cell = this.cells.get(name);
    if (cell === undefined) return;
    fill(cell.value, this.words[`${name}_value`] ?? "", values);
    fill(cell.interval, this.words.interval ?? "", { low, high });
  }
}
