/** What the GAN arena's frames hold; `synthlab_widgets/gan_observer.py` makes them. */

import type { Frame } from "../core/frames.ts";

export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Values {
  readonly losses: readonly string[];
  readonly modes: {
    readonly total: number;
    readonly covered: Estimate;
    readonly quality: Estimate;
    readonly kl: Estimate | null;
  } | null;
}

export type ArenaFrame = Frame<Values>;

/** What the browser is told once. */
export interface Info {
  readonly low: number;
  readonly high: number;
  readonly modes: number | null;
  readonly parts: readonly string[];
}
