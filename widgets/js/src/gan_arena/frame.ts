/** Frames and status of the GAN arena, as `synthlab_widgets/gan_arena` makes them. */

import type { Frame } from "../core/frames.ts";
import type { Page } from "../core/guide.ts";
import type { Modes } from "../core/meters.ts";
import type { Field, Values as SettingValues } from "../core/settings.ts";

/** The best answer p / (p + q), how far D is from it on average, and how far q is from p. */
export interface Ideal {
  readonly exact: boolean;
  readonly gap: number | null;
  readonly jsd: number | null;
}

export interface RunValues {
  readonly losses: readonly string[];
  readonly metrics: readonly string[];
  readonly modes: Modes | null;
  readonly ideal: Ideal | null;
}

export type RunName = "a" | "b";

export interface Values {
  readonly low: number;
  readonly high: number;
  readonly runs: readonly RunName[];
  readonly a: RunValues;
  readonly b?: RunValues;
}

export type ArenaFrame = Frame<Values>;

/** The values of one of the frame's runs. */
export function valuesOf(frame: ArenaFrame, run: RunName): RunValues {
  return (run === "b" ? frame.values.b : undefined) ?? frame.values.a;
}

/** What the browser is told once. */
export interface Info {
  readonly parts: readonly string[];
  readonly layers: readonly string[];
  readonly fields: readonly Field[];
  readonly presets: readonly { readonly name: string; readonly text: string }[];
  readonly guide: readonly Page[];
}

/** What the browser is told whenever it changes. */
export interface Details {
  readonly text: string;
  readonly chosen: RunName;
  readonly runs: Readonly<Partial<Record<RunName, SettingValues>>>;
  readonly branched: number | null;
  readonly layers: readonly string[];
}
