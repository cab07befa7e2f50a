/** The explorer's numbers: samples, floor, excess with its interval, gap. */

import { Readings } from "../../core/meters.ts";
import { fixed, type Words } from "../../core/words.ts";
import type { Values } from "../frame.ts";

export class Numbers {
  readonly element: HTMLElement;
  private readonly words: Words;
  private readonly readings: Readings;

  constructor(words: Words) {
    this.words = words;
    this.readings = new Readings(words, ["seen", "floor", "excess", "gap"]);
    this.element = this.readings.element;
  }

  draw({ n, floor, excess, gap }: Values): void {
    const nats = (value: number): string => fixed(value, 3);
    this.readings.show("seen", { n });
    this.readings.show("floor", { nats: nats(floor) });
    if (excess === null || gap === null) {
      for (const name of ["excess", "gap"]) this.readings.empty(name, this.words.nothing_yet);
      return;
    }
    const interval = [nats(excess.low), nats(excess.high)] as const;
    this.readings.show("excess", { nats: nats(excess.value) }, interval);
    this.readings.show("gap", { nats: nats(gap) });
  }
}
