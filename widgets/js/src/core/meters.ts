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

/** The share of high quality of a perfect sampler: 1 - exp(-4.5), within 3 sigma in the plane. */
export const CEILING = 1 - Math.exp(-4.5);

type Values = Readonly<Record<string, string | number>>;

/** A list of named numbers, each with room for its interval. Words: `NAME`, `NAME_value`, `interval`. */
export class Readings {
  readonly element = h("dl", { class: "sl-meters" });
  private readonly words: Words;
  private readonly cells = new Map<string, { value: HTMLElement; interval: HTMLElement }>();

  constructor(words: Words, names: readonly string[]) {
    this.words = words;
    for (const name of names) {
      const value = h("dd", { class: "sl-value" });
      const interval = h("dd", { class: "sl-interval" });
      this.cells.set(name, { value, interval });
      const title = h("dt", {}, words[name] ?? "");
      this.element.append(h("div", { "data-sl-number": name }, title, value, interval));
    }
  }

  show(name: string, values: Values, interval?: readonly [low: string, high: string]): void {
    const cell = this.cells.get(name);
    if (cell === undefined) return;
    fill(cell.value, this.words[`${name}_value`] ?? "", values);
    if (interval === undefined) return;
    const [low, high] = interval;
    fill(cell.interval, this.words.interval ?? "", { low, high });
  }

  /** There is no such number now, and why. */
  empty(name: string, instead = "", why = ""): void {
    this.cells.get(name)?.value.replaceChildren(instead);
    this.cells.get(name)?.interval.replaceChildren(why);
  }
}

export class Meters {
  readonly element: HTMLElement;
  private readonly words: Words;
  private readonly readings: Readings;
  private readonly counted = h("p", { class: "sl-note" });

  constructor(words: Words) {
    this.words = words;
    this.readings = new Readings(words, ["modes", "quality", "kl"]);
    this.element = h("div", { "data-sl-part": "meters" }, this.readings.element, this.counted);
  }

  draw({ covered, quality, kl, total, step }: Modes): void {
    const { readings, words } = this;
    readings.show("modes", { covered: fixed(covered.value, 0), modes: total }, [
      fixed(covered.low, 0),
      fixed(covered.high, 0),
    ]);
    readings.show("quality", { share: fixed(100 * quality.value, 0) }, [
      fixed(100 * quality.low, 0),
      fixed(100 * quality.high, 0),
    ]);
    if (step !== undefined) fill(this.counted, words.counted ?? "", { step });
    if (kl === null) readings.empty("kl", words.undefined, words.undefined_why);
    else readings.show("kl", { nats: fixed(kl.value, 3) }, [fixed(kl.low, 3), fixed(kl.high, 3)]);
  }
}
