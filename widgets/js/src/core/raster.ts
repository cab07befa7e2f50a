/** Raster: a grid of grey or colour images, pixel by pixel, to look at and to paint in. */

import { ARROWS } from "./a11y.ts";
import { fit, ring, screenPixel } from "./canvas.ts";
import type { FrameArray, Numbers } from "./frames.ts";
import type { Palette } from "./palette.ts";
import type { Grid, Images, Pixel } from "./pixels.ts";
import * as pixels from "./pixels.ts";
import { Pointing } from "./pointing.ts";
import type { Words } from "./words.ts";

interface Options {
  /** Images side by side at most. */
  readonly columns?: number;
  /** Hears which pixel the pointer or the keyboard is on, and its level in each channel. */
  readonly point?: (pixel: Pixel | null, levels: readonly number[]) => void;
  /** Makes the images something to paint in; hears of the data whenever pixels were painted. */
  readonly painted?: (data: Numbers) => void;
}

/** Space around an image and the width of its border, in CSS pixels. */
const [MARGIN, BORDER] = [3, 1];

/**
 * Words: `pixel`, `pixels_how` (for its label) and, to paint, `paint_level`. Arrow keys go from pixel to pixel; Space and Enter
 * paint with a level that plus and minus change.
 */
export class Raster extends Pointing<Pixel> {
  private readonly source = document.createElement("canvas"); // a pixel of an image is one of it
  private readonly words: Words;
  private readonly options: Options;
  private images: Images | null = null;
  private grid: Grid = { columns: 1, pixel: 1, margin: 0 };
  private colors: Palette | null = null;
  private at: Pixel = { image: 0, row: 0, column: 0 };
  private last: Pixel | null = null; // of the stroke under way
  private level = 0;

  constructor(words: Words, id: string, options: Options = {}) {
    super("raster", id);
    [this.words, this.options] = [words, options];
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => {
      if (options.painted !== undefined) canvas.setPointerCapture(event.pointerId);
      this.last = null;
      this.hover(event);
    });
  }

  /** Draws images (n, H, W) or (n, C, H, W) with levels from 0, black, to `levels - 1`. */
  draw(title: string, array: FrameArray, levels: number, colors: Palette): void {
    const own = this.options.painted !== undefined; // a frame's numbers are not painted over
    const images = pixels.images(own ? { ...array, data: array.data.slice() } : array, levels);
    if (this.images?.max !== images.max) this.level = images.max;
    [this.images, this.colors] = [images, colors];
    this.name(title);
    this.redraw();
  }

  protected redraw(): void {
    const { images, colors, canvas, source } = this;
    const across = this.element.clientWidth;
    if (images === null || colors === null || across === 0 || images.count === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const [most, margin] = [this.options.columns ?? 8, Math.round(MARGIN * ratio)];
    const grid = pixels.arrange(images, Math.floor(across * ratio), most, margin);
    this.grid = grid;
    const [width, height] = pixels.extent(grid, images);
    canvas.style.inlineSize = `${width / ratio}px`;
    canvas.style.blockSize = `${height / ratio}px`;
    const context = fit(canvas, width / ratio, height / ratio);
    context.setTransform(1, 0, 0, 1, 0, 0); // whole pixels of the screen from here on
    context.imageSmoothingEnabled = false;
    [source.width, source.height] = [images.width, images.count * images.height];
    const bytes = new ImageData(pixels.rgba(images), source.width, source.height);
    source.getContext("2d")?.putImageData(bytes, 0, 0);
    const [w, tall] = [images.width * grid.pixel, images.height * grid.pixel];
    const border = Math.max(1, Math.round(BORDER * ratio));
    context.fillStyle = colors.line;
    for (let image = 0; image < images.count; image++) {
      const [x, y] = pixels.corner(grid, images, { image, row: 0, column: 0 });
      context.fillRect(x - border, y - border, w + 2 * border, tall + 2 * border);
      const from = [0, image * images.height, images.width, images.height] as const;
      context.drawImage(source, ...from, x, y, w, tall);
    }
    if (document.activeElement !== canvas) return;
    if (this.at.image >= images.count) this.at = { image: 0, row: 0, column: 0 };
    const [x, y] = pixels.corner(grid, images, this.at);
    ring(context, [x, y, grid.pixel, grid.pixel], colors, ratio);
  }

  protected hover(event: PointerEvent): void {
    if (this.images === null) return;
    const to = pixels.pixelAt(this.grid, this.images, ...screenPixel(this.canvas, event));
    if (to !== null && event.buttons !== 0 && this.options.painted !== undefined) {
      this.at = to;
      this.paint(pixels.stroke(this.last ?? to, to));
    }
    this.last = to;
    this.report(to, false);
  }

  private paint(painted: readonly Pixel[]): void {
    if (this.images === null) return;
    pixels.paint(this.images, painted, this.level);
    this.options.painted?.(this.images.data);
    this.redraw();
  }

  protected press(key: string): boolean {
    const { images, grid } = this;
    const [arrow, paints] = [ARROWS[key], this.options.painted !== undefined];
    if (images === null) return false;
    if (arrow !== undefined) {
      this.at = pixels.beside(grid, images, this.at, arrow[0], -arrow[1]);
    } else if (paints && (key === "Enter" || key === " ")) {
      this.paint([this.at]);
    } else if (paints && (key === "+" || key === "-")) {
      this.level = Math.max(0, Math.min(images.max, this.level + (key === "+" ? 1 : -1)));
      this.readout.say(this.words.paint_level ?? "", { level: this.level, max: images.max }, true);
      return true;
    } else return false;
    this.redraw();
    this.report(this.at, true);
    return true;
  }

  protected report(pixel: Pixel | null, aloud: boolean): void {
    const levels = pixel && this.images ? pixels.levelsOf(this.images, pixel) : [];
    this.options.point?.(pixel, levels);
    if (pixel === null) {
      this.readout.clear();
      return;
    }
    const [image, row, column] = [pixel.image + 1, pixel.row + 1, pixel.column + 1];
    const values = { image, row, column, level: levels.join(", ") };
    this.readout.say(this.words.pixel ?? "", values, aloud);
  }
}
