/** Frames and status of the collapse lab, as `synthlab_widgets/collapse_lab` makes them. */

import { type Frame, numbers } from "../core/frames.ts";
import type { Page } from "../core/guide.ts";
import type { Modes } from "../core/meters.ts";
import { circles, type View } from "../core/plane.ts";
import type { Values as Chosen, Field } from "../core/settings.ts";

/** One run. */
export interface Lane {
  readonly cure: string;
  readonly step: number;
  /** The step at which a loss was no longer finite. */
  readonly broken: number | null;
  /** Nothing where the points are no longer numbers. */
  readonly modes: Modes | null;
  readonly metrics: readonly string[];
}

export interface Known {
  readonly name: string;
  readonly modes: Modes;
}

export interface Values {
  readonly low: number;
  readonly high: number;
  readonly clock: "steps" | "time";
  readonly source: string;
  readonly noise: string;
  readonly lanes: readonly Lane[];
  readonly references: readonly Known[];
}

export type LabFrame = Frame<Values>;

/** What the browser is told once. */
export interface Info {
  readonly fields: readonly Field[];
  /** Runs side by side at most, vanilla among them. */
  readonly most: number;
  /** Vanilla and every cure, and who they are from. */
  readonly cures: readonly { readonly id: string; readonly paper: string }[];
  readonly guide: readonly Page[];
}

/** What the browser is told whenever it changes. */
export interface Details {
  readonly settings: Chosen;
  readonly cures: readonly string[];
  readonly clock: string;
  /** Microseconds that a step takes, by cure. */
  readonly costs: Readonly<Record<string, number>>;
}

/** The window of the plane. */
export function windowOf({ values }: LabFrame): readonly [number, number] {
  return [values.low, values.high];
}

/** The real points, which are the same in every picture. */
export function real(view: View, frame: LabFrame): void {
  circles(view, numbers(frame, "real"));
}
