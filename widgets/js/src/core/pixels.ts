/** Pixels of images in a grid: where they stand, which is pointed at, what they hold. */

import type { FrameArray } from "./frames.ts";

export interface Images {
  readonly data: FrameArray["data"];
  readonly count: number;
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** The level that is white. */
  readonly max: number;
}

/** A pixel of one of the images. */
export interface Pixel {
  readonly image: number;
  readonly row: number;
  readonly column: number;
}

/** Measures in the screen's own pixels: of a pixel, and of the margin around an image. */
export interface Grid {
  readonly columns: number;
  readonly pixel: number;
  readonly margin: number;
}

/** An array (n, H, W) or (n, C, H, W) as images whose levels go from 0 to `levels - 1`. */
export function images({ data, shape }: FrameArray, levels: number): Images {
  const [count = 0, channels = 0, height = 0, width = 0] =
    shape.length === 3 ? [shape[0], 1, shape[1], shape[2]] : shape;
  if (shape.length < 3 || shape.length > 4 || (channels !== 1 && channels !== 3)) {
    throw new Error(`no grey or colour images: an array of ${shape.join(" × ")}`);
  }
  return { data, count, channels, height, width, max: levels - 1 };
}

/** The grid with the largest whole pixels that is not wider than `across`. */
export function arrange(
  { count, width }: Images,
  across: number,
  most: number,
  margin: number,
): Grid {
  const fitting = Math.floor(across / (width + 2 * margin)); // columns of the smallest images
  const columns = Math.max(1, Math.min(most, count, fitting));
  const pixel = Math.max(1, Math.floor((across / columns - 2 * margin) / width));
  return { columns, pixel, margin };
}

/** The side of a place of the grid, along and down. */
function place({ pixel, margin }: Grid, { width, height }: Images): [number, number] {
  return [width * pixel + 2 * margin, height * pixel + 2 * margin];
}

/** The size of the whole grid. */
export function extent(grid: Grid, all: Images): [width: number, height: number] {
  const [along, down] = place(grid, all);
  return [along * grid.columns, down * Math.ceil(all.count / grid.columns)];
}

/** The corner of a pixel on the screen. */
export function corner(grid: Grid, all: Images, { image, row, column }: Pixel): [number, number] {
  const [along, down] = place(grid, all);
  return [
    (image % grid.columns) * along + grid.margin + column * grid.pixel,
    Math.floor(image / grid.columns) * down + grid.margin + row * grid.pixel,
  ];
}

/** The pixel at a place on the screen; nothing between images and beyond them. */
export function pixelAt(grid: Grid, all: Images, x: number, y: number): Pixel | null {
  const [along, down] = place(grid, all);
  const column = Math.floor(((x % along) - grid.margin) / grid.pixel);
  const row = Math.floor(((y % down) - grid.margin) / grid.pixel);
  const image = Math.floor(y / down) * grid.columns + Math.floor(x / along);
  const inside = column >= 0 && column < all.width && row >= 0 && row < all.height;
  const there = x >= 0 && y >= 0 && x < along * grid.columns && image < all.count;
  return inside && there ? { image, row, column } : null;
}

/** The pixel beside this one, over the border of an image too; the same at the grid's edge. */
export function beside(grid: Grid, all: Images, from: Pixel, right: number, down: number): Pixel {
  const x = (from.image % grid.columns) * all.width + from.column + right;
  const y = Math.floor(from.image / grid.columns) * all.height + from.row + down;
  if (x < 0 || y < 0 || x >= grid.columns * all.width) return from;
  const image = Math.floor(y / all.height) * grid.columns + Math.floor(x / all.width);
  return image < all.count ? { image, row: y % all.height, column: x % all.width } : from;
}

/** Pixels of a straight line to one from another of the same image; else that one alone. */
export function stroke(from: Pixel, to: Pixel): Pixel[] {
  if (from.image !== to.image) return [to];
  const [rows, columns] = [to.row - from.row, to.column - from.column];
  const steps = Math.max(1, Math.abs(rows), Math.abs(columns));
  return Array.from({ length: steps + 1 }, (_, i) => ({
    image: to.image,
    row: Math.round(from.row + (i / steps) * rows),
    column: Math.round(from.column + (i / steps) * columns),
  }));
}

/** Where the levels of a pixel stand in the data, channel by channel. */
function indices({ channels, height, width }: Images, { image, row, column }: Pixel): number[] {
  return Array.from(
    { length: channels },
    (_, c) => ((image * channels + c) * height + row) * width + column,
  );
}

/** The levels of a pixel, channel by channel. */
export function levelsOf(all: Images, pixel: Pixel): number[] {
  return indices(all, pixel).map((i) => all.data[i] ?? 0);
}

/** Gives pixels a level, in every channel. */
export function paint(all: Images, pixels: readonly Pixel[], level: number): void {
  for (const pixel of pixels) for (const i of indices(all, pixel)) all.data[i] = level;
}

/** The images below each other, as red, green, blue and opacity from 0 to 255. */
export function rgba({
  data,
  count,
  channels,
  height,
  width,
  max,
}: Images): Uint8ClampedArray<ArrayBuffer> {
  const area = height * width;
  const bytes = new Uint8ClampedArray(4 * count * area).fill(255);
  for (let image = 0; image < count; image++) {
    for (let channel = 0; channel < 3; channel++) {
      const from = (image * channels + (channels === 3 ? channel : 0)) * area;
      let to = 4 * image * area + channel;
      for (let k = 0; k < area; k++, to += 4) bytes[to] = (255 * (data[from + k] ?? 0)) / max;
    }
  }
  return bytes;
}
