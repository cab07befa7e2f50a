/** Canvases that are sharp on every screen, and axes for them. */

import type { Palette } from "./palette.ts";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Sizes a canvas in CSS pixels and returns its context, scaled to the screen's own pixels. */
export function fit(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser draws no canvas");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.direction = "ltr"; // axes and numbers, in every language
  return context;
}

/** Where on a canvas a pointer is, in the screen's own pixels. */
export function screenPixel(
  canvas: HTMLCanvasElement,
  { offsetX, offsetY }: PointerEvent,
): [x: number, y: number] {
  return [
    (offsetX * canvas.width) / canvas.clientWidth,
    (offsetY * canvas.height) / canvas.clientHeight,
  ];
}

/** A frame around a box that stands out from whatever it lies on. */
export function ring(
  context: CanvasRenderingContext2D,
  [x, y, width, height]: readonly [number, number, number, number],
  colors: Palette,
  ratio: number,
): void {
  for (const [color, away, line] of [
    [colors.paper, 2, 4],
    [colors.text, 1, 2],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = line * ratio;
    const out = away * ratio;
    context.strokeRect(x - out, y - out, width + 2 * out, height + 2 * out);
  }
}

/** The straight line that maps an interval to pixels. */
export function scale(low: number, high: number, from: number, to: number) {
  const slope = (to - from) / (high - low || 1);
  return (value: number): number => from + (value - low) * slope;
}

/** Round numbers across an interval, at most `most` of them. */
export function ticks(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const raw = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => (high - low) / s <= most) ?? raw;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
