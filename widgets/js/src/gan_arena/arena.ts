/** The plane: real and fake points over what the discriminator thinks of every place. */

import { fit, scale, ticks } from "../core/canvas.ts";
import { h } from "../core/dom.ts";
import { numbers } from "../core/frames.ts";
import type { Palette } from "../core/palette.ts";
import type { Words } from "../core/words.ts";
import { contour } from "./contour.ts";
import type { ArenaFrame, Info } from "./frame.ts";

/** Room for the axes' numbers, in pixels. */
const MARGIN = { left: 26, right: 6, top: 6, bottom: 20 };

export class Arena {
  readonly element: HTMLElement;
  readonly canvas = h("canvas", { class: "sl-plane", role: "img" });
  private readonly info: Info;
  private readonly field = document.createElement("canvas");

  constructor(info: Info, words: Words) {
    this.info = info;
    const entry = (kind: string, word: string) =>
      h("li", {}, h("span", { class: `sl-mark sl-mark-${kind}`, "aria-hidden": "true" }), word);
    this.element = h(
      "figure",
      { class: "sl-arena" },
      this.canvas,
      h(
        "ul",
        { class: "sl-legend" },
        entry("real", words.real ?? ""),
        entry("fake", words.fake ?? ""),
        entry("says-real", words.field_real ?? ""),
        entry("says-fake", words.field_fake ?? ""),
        entry("undecided", words.undecided ?? ""),
      ),
    );
  }

  draw(frame: ArenaFrame, colors: Palette): void {
    const size = this.canvas.clientWidth;
    if (size === 0) return;
    const context = fit(this.canvas, size, size);
    const { low, high } = this.info;
    const x = scale(low, high, MARGIN.left, size - MARGIN.right);
    const y = scale(low, high, size - MARGIN.bottom, MARGIN.top);
    this.drawField(context, frame, colors, x, y);
    this.drawAxes(context, colors, x, y);
    context.save();
    context.beginPath();
    context.rect(x(low), y(high), x(high) - x(low), y(low) - y(high));
    context.clip();
    drawReal(context, numbers(frame, "real"), colors, x, y);
    drawFake(context, numbers(frame, "fake"), colors, x, y);
    context.restore();
  }

  private drawField(
    context: CanvasRenderingContext2D,
    frame: ArenaFrame,
    colors: Palette,
    x: Scale,
    y: Scale,
  ): void {
    const levels = numbers(frame, "field");
    const side = Math.sqrt(levels.length);
    paintLevels(this.field, levels, side, colors);
    // The outermost grid points lie on the plane's border, so the outermost pixels, whose
    // centres they are, reach half a pixel beyond it and are cut.
    const { low, high } = this.info;
    const [left, top] = [x(low), y(high)];
    const [width, height] = [x(high) - left, y(low) - top];
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.field, 0.5, 0.5, side - 1, side - 1, left, top, width, height);
    const lines = contour(levels, side, 0.5);
    const cell = (high - low) / (side - 1);
    context.beginPath();
    for (let i = 0; i < lines.length; i += 4) {
      const at = (k: number): number => low + cell * (lines[i + k] ?? 0);
      context.moveTo(x(at(0)), y(at(1)));
      context.lineTo(x(at(2)), y(at(3)));
    }
    context.strokeStyle = colors.text;
    context.lineWidth = 1.4;
    context.lineCap = "round";
    context.stroke();
  }

  private drawAxes(context: CanvasRenderingContext2D, colors: Palette, x: Scale, y: Scale): void {
    const { low, high } = this.info;
    context.strokeStyle = colors.line;
    context.lineWidth = 1;
    context.strokeRect(x(low), y(high), x(high) - x(low), y(low) - y(high));
    context.fillStyle = colors.quiet;
    context.font = "11px system-ui, sans-serif";
    for (const value of ticks(low, high, 6)) {
      const text = String(value).replace("-", "\u2212");
      context.textAlign = "center";
      context.textBaseline = "top";
      context.fillText(text, x(value), y(low) + 5);
      context.textAlign = "right";
      context.textBaseline = "middle";
      context.fillText(text, x(low) - 5, y(value));
    }
  }
}

type Scale = (value: number) => number;

/** The field as an image of one pixel a grid point, row 0 at the bottom. */
function paintLevels(
  canvas: HTMLCanvasElement,
  levels: ArrayLike<number>,
  side: number,
  colors: Palette,
): void {
  [canvas.width, canvas.height] = [side, side];
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(side, side);
  const [fake, undecided, real] = colors.field;
  for (let i = 0; i < levels.length; i++) {
    const lean = 2 * (levels[i] ?? 0) - 1; // -1: surely fake, 1: surely real
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

function drawReal(
  context: CanvasRenderingContext2D,
  points: ArrayLike<number>,
  colors: Palette,
  x: Scale,
  y: Scale,
): void {
  context.fillStyle = colors.real;
  context.globalAlpha = 0.45;
  for (let i = 0; i < points.length; i += 2) {
    context.beginPath();
    context.arc(x(points[i] ?? 0), y(points[i + 1] ?? 0), 3.4, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

function drawFake(
  context: CanvasRenderingContext2D,
  points: ArrayLike<number>,
  colors: Palette,
  x: Scale,
  y: Scale,
): void {
  context.fillStyle = colors.fake;
  context.strokeStyle = colors.fakeEdge;
  context.lineWidth = 0.6;
  for (let i = 0; i < points.length; i += 2) {
    const [cx, cy] = [x(points[i] ?? 0), y(points[i + 1] ?? 0)];
    context.beginPath();
    context.moveTo(cx, cy - 4);
    context.lineTo(cx + 3.6, cy + 2.6);
    context.lineTo(cx - 3.6, cy + 2.6);
    context.closePath();
    context.fill();
    context.stroke();
  }
}
