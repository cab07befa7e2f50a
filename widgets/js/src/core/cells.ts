/** Cells of a matrix: where they stand, which is pointed at, what colours they have. */

import type { Rgb } from "./palette.ts";

export interface Matrix {
  /** Row by row; what is not finite has no colour. */
  readonly data: ArrayLike<number>;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

export type Cell = readonly [row: number, column: number];

/** Where the cells are, in the screen's own pixels. */
export interface Layout {
  /** The borders of the columns and of the rows. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Whether the labels of the columns stand upright. */
  readonly upright: boolean;
  /** One label out of so many is written, so that none touches the next. */
  readonly every: number;
}

/** Sizes in CSS pixels: of letters, of the largest cell, of gaps. */
export const [FONT, CELL, GAP] = [12, 34, 5] as const;
/** The share of the width that the labels of the rows have at most. */
const LABELS = 0.3;

/** Square cells, as large as the width allows; `wide` are the longest labels. */
export function layout(
  { rows, columns }: Matrix,
  wide: { readonly row: number; readonly column: number },
  across: number,
  ratio: number,
): Layout {
  const gap = GAP * ratio;
  const left = Math.ceil(Math.min(wide.row, LABELS * across)) + gap;
  const side = Math.min(CELL * ratio, (across - left - 2) / columns.length);
  const upright = wide.column > side - 2;
  const top = Math.ceil(upright ? wide.column : FONT * ratio) + gap;
  return {
    x: borders(columns.length, left, left + side * columns.length),
    y: borders(rows.length, top, top + side * rows.length),
    upright,
    every: Math.ceil((1.1 * FONT * ratio) / side),
  };
}

/** Borders of n cells, on whole pixels: the sizes of the cells differ by one pixel at most. */
export function borders(n: number, from: number, to: number): number[] {
  return Array.from({ length: n + 1 }, (_, i) => Math.round(from + (i * (to - from)) / n));
}

/** The cell at a place; nothing beside the matrix. */
export function cellAt({ x, y }: Layout, atX: number, atY: number): Cell | null {
  const between = (edges: readonly number[], value: number): number =>
    edges.findIndex((edge, i) => edge <= value && value < (edges[i + 1] ?? edge));
  const [row, column] = [between(y, atY), between(x, atX)];
  return row < 0 || column < 0 ? null : [row, column];
}

/** The least and the greatest of the values that are finite; 0 and 1 where there is none. */
export function extremes(data: ArrayLike<number>): [low: number, high: number] {
  const finite = Array.from(data).filter(Number.isFinite);
  return finite.length === 0 ? [0, 1] : [Math.min(...finite), Math.max(...finite)];
}

/** The colour of a value. One hue gets stronger all the way: everybody sees the order. */
export function shade(
  value: number,
  [low, high]: readonly [number, number],
  [from, to]: readonly [Rgb, Rgb],
): string {
  const share = Math.max(0, Math.min(1, (value - low) / (high - low || 1)));
  return `rgb(${from.map((start, i) => Math.round(start + share * ((to[i] ?? 0) - start))).join(" ")})`;
}
