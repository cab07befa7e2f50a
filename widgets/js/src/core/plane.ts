/** A window on the plane: axes, a field behind, and whatever a widget draws in it. */

import { fit, scale, ticks } from "./canvas.ts";
import { contour } from "./contour.ts";
import { h } from "./dom.ts";
import type { Palette } from "./palette.ts";

/** From the plane's coordinates to the canvas's pixels. */
export interface View {
  readonly context: CanvasRenderingContext2D;
  readonly colors: Palette;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Room for the axes' numbers, in pixels. */
const MARGIN = { left: 26, right: 6, top: 6, bottom: 20 };

export class Plane {
  readonly canvas = h("canvas", { class: "sl-plane", role: "img" });
  private readonly image = document.createElement("canvas");
  private low = -1;
  private high = 1;

  /** Draws the field, the axes, and then what `paint` draws, cut at the window's edge. */
  draw(
    [low, high]: readonly [number, number],
    field: ArrayLike<number> | null,
    colors: Palette,
    paint: (view: View) => void,
  ): void {
    [this.low, this.high] = [low, high];
    const size = this.canvas.clientWidth;
    if (size === 0) return;
    const context = fit(this.canvas, size, size);
    const x = scale(low, high, MARGIN.left, size - MARGIN.right);
    const y = scale(low, high, size - MARGIN.bottom, MARGIN.top);
    const view = { context, colors, x, y };
    const box = [x(low), y(high), x(high) - x(low), y(low) - y(high)] as const;
    if (field !== null) this.drawField(view, field, box);
    context.strokeStyle = colors.line;
    context.lineWidth = 1;
    context.strokeRect(...box);
    drawNumbers(view, low, high, Math.min(6, Math.floor(size / 32)));
    context.save();
    context.beginPath();
    context.rect(...box);
    context.clip();
    paint(view);
    context.restore();
  }

  /** Where in the plane a pointer is. */
  locate(event: { offsetX: number; offsetY: number }): [number, number] {
    const size = this.canvas.clientWidth;
    const back = scale(MARGIN.left, size - MARGIN.right, this.low, this.high);
    const up = scale(size - MARGIN.bottom, MARGIN.top, this.low, this.high);
    return [back(event.offsetX), up(event.offsetY)];
  }

  private drawField(
    { context, colors, x, y }: View,
    levels: ArrayLike<number>,
    box: readonly [number, number, number, number],
  ): void {
    const side = Math.sqrt(levels.length);
    paintLevels(this.image, levels, side, colors);
    // The outermost grid points lie on the window's border, so the outermost pixels, whose
    // centres they are, reach half a pixel beyond it and are cut.
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.image, 0.5, 0.5, side - 1, side - 1, ...box);
    const lines = contour(levels, side, 127.5);
    const cell = (this.high - this.low) / (side - 1);
    const at = (value: number | undefined): number => this.low + cell * (value ?? 0);
    context.beginPath();
    for (let i = 0; i < lines.length; i += 4) {
      context.moveTo(x(at(lines[i])), y(at(lines[i + 1])));
      context.lineTo(x(at(lines[i + 2])), y(at(lines[i + 3])));
    }
    context.strokeStyle = colors.text;
    context.lineWidth = 1.4;
    context.lineCap = "round";
    context.stroke();
  }
}

function drawNumbers(
  { context, colors, x, y }: View,
  low: number,
  high: number,
  most: number,
): void {
  context.fillStyle = colors.quiet;
  context.font = "11px system-ui, sans-serif";
  for (const value of ticks(low, high, most)) {
    const text = String(value).replace("-", "\u2212");
    context.textAlign = "center";
    context.textBaseline = "top";
    context.fillText(text, x(value), y(low) + 5);
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(text, x(low) - 5, y(value));
  }
}

/** Levels from 0 to 255 as an image of one pixel a grid point, row 0 at the bottom. */
function paintLevels(
  canvas: HTMLCanvasElement,
  levels: ArrayLike<number>,
  side: number,
  colors: Palette,
): void {
  if (canvas.width !== side) [canvas.width, canvas.height] = [side, side];
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(side, side);
  const [fake, undecided, real] = colors.field;
  for (let i = 0; i < levels.length; i++) {
    const lean = (levels[i] ?? 0) / 127.5 - 1; // -1: surely fake, 1: surely real
    const end = lean < 0 ? fake : real;
    const row = side - 1 - Math.floor(i / side);
    const pixel = 4 * (row * side + (i % side));
    for (const channel of [0, 1, 2] as const) {
      const middle = undecided[channel];
      image.data[pixel + channel] = middle + Math.abs(lean) * (end[channel] - middle);
    }
    image.data[pixel + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** Real points: circles. */
export function circles({ context, colors, x, y }: View, points: ArrayLike<number>): void {
  context.fillStyle = colors.real;
  context.globalAlpha = 0.45;
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc(x(points[i] ?? 0), y(points[i + 1] ?? 0), 3.4, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** Fake points: triangles. */
export function triangles({ context, colors, x, y }: View, points: ArrayLike<number>): void {
  context.fillStyle = colors.fake;
  context.strokeStyle = colors.fakeEdge;
  context.lineWidth = 0.6;
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [cx, cy] = [x(points[i] ?? 0), y(points[i + 1] ?? 0)];
    context.moveTo(cx, cy - 4);
    context.lineTo(cx + 3.6, cy + 2.6);
    context.lineTo(cx - 3.6, cy + 2.6);
    context.closePath();
  }
  context.fill();
  context.stroke();
}

/** Places where something is missing: crosses, light around so that they stand out anywhere. */
export function crosses({ context, colors, x, y }: View, points: ArrayLike<number>): void {
  context.lineCap = "round";
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [cx, cy] = [x(points[i] ?? 0), y(points[i + 1] ?? 0)];
    context.moveTo(cx - 5, cy - 5);
    context.lineTo(cx + 5, cy + 5);
    context.moveTo(cx - 5, cy + 5);
    context.lineTo(cx + 5, cy - 5);
  }
  for (const [color, width] of [
    [colors.paper, 5],
    [colors.text, 2],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
  }
}

/** Arrows from rows of x, y, dx, dy; their lengths are compressed so that all can be seen. */
export function arrows({ context, colors, x, y }: View, rows: ArrayLike<number>): void {
  const lengths = arrowLengths(rows);
  context.strokeStyle = colors.generator;
  context.lineWidth = 1.4;
  context.lineCap = "round";
  context.beginPath();
  for (const [k, length] of lengths.entries()) {
    const [px, py, dx, dy] = [0, 1, 2, 3].map((i) => rows[4 * k + i] ?? 0) as [
      number,
      number,
      number,
      number,
    ];
    if (length === 0) continue;
    const angle = Math.atan2(-dy, dx); // up is down on a canvas
    const [x0, y0] = [x(px), y(py)];
    const [x1, y1] = [x0 + length * Math.cos(angle), y0 + length * Math.sin(angle)];
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    for (const side of [-0.5, 0.5]) {
      context.moveTo(x1, y1);
      context.lineTo(x1 - 5 * Math.cos(angle + side), y1 - 5 * Math.sin(angle + side));
    }
  }
  context.stroke();
}

/** Pixels for each arrow: the median gets 18, four times the median 36, the longest 54. */
export function arrowLengths(rows: ArrayLike<number>): number[] {
  const sizes = Array.from({ length: rows.length / 4 }, (_, k) =>
    Math.hypot(rows[4 * k + 2] ?? 0, rows[4 * k + 3] ?? 0),
  );
  const sorted = [...sizes].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  if (median === 0) return sizes.map((size) => (size > 0 ? 18 : 0));
  return sizes.map((size) => Math.min(54, 18 * Math.sqrt(size / median)));
}

/**
 * A grid of noise that the generator has bent, `side` points a side: every cell holds the same
 * share of the noise, so a small cell is a dense one and is drawn darker.
 */
export function mesh(view: View, points: ArrayLike<number>, side: number): void {
  const { context, colors, x, y } = view;
  context.fillStyle = colors.generator;
  context.strokeStyle = colors.generator;
  context.lineWidth = 0.5;
  const at = (row: number, column: number): [number, number] => {
    const i = 2 * (row * side + column);
    return [x(points[i] ?? 0), y(points[i + 1] ?? 0)];
  };
  for (let row = 0; row < side - 1; row++) {
    for (let column = 0; column < side - 1; column++) {
      const corners = [
        at(row, column),
        at(row, column + 1),
        at(row + 1, column + 1),
        at(row + 1, column),
      ] as const;
      context.beginPath();
      for (const corner of corners) context.lineTo(...corner);
      context.closePath();
      context.globalAlpha = density(area(corners));
      context.fill();
      context.globalAlpha = 0.35;
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/** How dark a cell of so many square pixels is: 0.06 when it is large, 0.6 when it is tiny. */
export function density(pixels: number): number {
  return Math.min(0.6, 0.06 + 25 / (pixels + 40));
}

function area(corners: readonly (readonly [number, number])[]): number {
  let twice = 0;
  for (const [i, [x0, y0]] of corners.entries()) {
    const [x1, y1] = corners[(i + 1) % corners.length] ?? [0, 0];
    twice += x0 * y1 - x1 * y0;
  }
  return Math.abs(twice) / 2;
}

/** A curve through points in order. */
export function curve({ context, colors, x, y }: View, points: ArrayLike<number>): void {
  context.strokeStyle = colors.generator;
  context.lineWidth = 2;
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    context.lineTo(x(points[i] ?? 0), y(points[i + 1] ?? 0));
  }
  context.stroke();
}
