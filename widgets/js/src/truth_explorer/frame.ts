/** Frames and status of the explorer, as `synthlab_widgets/truth_explorer` makes them. */

import type { Estimate } from "../core/meters.ts";
import type { Values as Chosen, Field } from "../core/settings.ts";

/** What a frame holds besides its arrays, as `Exploration.observe` makes it. */
export interface Values {
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly floor: number;
  readonly excess: Estimate | null;
  readonly gap: number | null;
  readonly model: string;
  readonly shown: string;
}

/** What is told once. */
export interface Info {
  readonly fields: readonly Field[];
  readonly layers: readonly string[];
  readonly shown: readonly string[];
}

/** What is told with every status. */
export interface Details {
  readonly settings: Chosen;
  readonly shown: string;
  readonly layers: readonly string[];
}
