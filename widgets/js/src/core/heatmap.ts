/** Heat map: a matrix with a label for each row and column, such as tokens by tokens. */

import { ARROWS } from "./a11y.ts";
import { fit, ring, screenPixel } from "./canvas.ts";
import {
  type Cell,
  cellAt,
  extremes,
  FONT,
  GAP,
  type Layout,
  layout,
  type Matrix,
  shade,
} from "./cells.ts";
import type { Palette } from "./palette.ts";
import { Pointing } from "./pointing.ts";
import { type Column, Table } from "./table.ts";
import { fixed, type Words } from "./words.ts";

/** The strip that tells what the colours mean, in CSS pixels. */
const BAR = { width: 160, height: 10 };

/** Words: `cell` and `as_table`. Arrow keys go from cell to cell. */
export class HeatMap extends Pointing<Cell> {
  private readonly table: Table;
  private readonly words: Words;
  private readonly digits: number;
  private readonly point: (cell: Cell | null) => void;
  private matrix: Matrix = { data: [], rows: [], columns: [] };
  private range: readonly [number, number] = [0, 1];
  private colors: Palette | null = null;
  private layout: Layout = { x: [], y: [], upright: false, every: 1 };
  private at: Cell = [0, 0];

  /** `point` hears which cell the pointer or the keyboard is on. */
  constructor(
    words: Words,
    id: string,
    digits = 3,
    point: (cell: Cell | null) => void = () => undefined,
  ) {
    super("heatmap", id);
    [this.words, this.digits, this.point] = [words, digits, point];
    this.table = new Table(words, `table-${id}`);
    this.element.append(this.table.element);
  }

  /** Draws a matrix; `range` are the values of the weakest and the strongest colour. */
  draw(
    title: string,
    matrix: Matrix,
    colors: Palette,
    range: readonly [number, number] = extremes(matrix.data),
  ): void {
    [this.matrix, this.colors, this.range] = [matrix, colors, range];
    this.name(title);
    const columns: Column[] = [
      { name: "", kind: "text", heads: true },
      ...matrix.columns.map((name) => ({ name, kind: "number" as const, digits: this.digits })),
    ];
    this.table.draw(title, columns, () =>
      matrix.rows.map((name, row) => [
        name,
        ...matrix.columns.map((_, column) => this.value([row, column])),
      ]),
    );
    this.redraw();
  }

  private value([row, column]: Cell): number {
    return this.matrix.data[row * this.matrix.columns.length + column] ?? Number.NaN;
  }

  protected redraw(): void {
    const { canvas, colors, matrix, element } = this;
    const pen = canvas.getContext("2d");
    if (colors === null || pen === null || element.clientWidth === 0) return;
    if (matrix.rows.length * matrix.columns.length === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const font = `${FONT * ratio}px system-ui, sans-serif`;
    pen.font = font;
    const longest = (labels: readonly string[]): number =>
      Math.max(...labels.map((label) => pen.measureText(label).width));
    const wide = { row: longest(matrix.rows), column: longest(matrix.columns) };
    this.layout = layout(matrix, wide, element.clientWidth * ratio, ratio);
    const [left = 0, right = 0, bottom = 0] = [
      this.layout.x[0],
      this.layout.x.at(-1),
      this.layout.y.at(-1),
    ];
    const width = Math.max(right / ratio, left / ratio + BAR.width) + 2;
    const height = bottom / ratio + 3 * GAP + BAR.height + FONT;
    canvas.style.inlineSize = `${width}px`;
    canvas.style.blockSize = `${height}px`;
    const context = fit(canvas, width, height);
    context.setTransform(1, 0, 0, 1, 0, 0); // whole pixels of the screen from here on
    context.font = font;
    context.textBaseline = "middle";
    this.drawCells(context, colors);
    this.drawLabels(context, colors, GAP * ratio);
    this.drawScale(context, colors, ratio);
    if (document.activeElement === canvas) ring(context, this.box(this.at), colors, ratio);
  }

  private box([row, column]: Cell): [x: number, y: number, width: number, height: number] {
    const [x0 = 0, x1 = 0] = this.layout.x.slice(column);
    const [y0 = 0, y1 = 0] = this.layout.y.slice(row);
    return [x0, y0, x1 - x0, y1 - y0];
  }

  private drawCells(context: CanvasRenderingContext2D, colors: Palette): void {
    for (const row of this.matrix.rows.keys()) {
      for (const column of this.matrix.columns.keys()) {
        const value = this.value([row, column]);
        if (!Number.isFinite(value)) continue;
        context.fillStyle = shade(value, this.range, colors.sequence);
        context.fillRect(...this.box([row, column]));
      }
    }
    const [x0, y0] = this.box([0, 0]);
    context.strokeStyle = colors.line;
    context.strokeRect(x0, y0, (this.layout.x.at(-1) ?? 0) - x0, (this.layout.y.at(-1) ?? 0) - y0);
  }

  private drawLabels(context: CanvasRenderingContext2D, colors: Palette, gap: number): void {
    const { upright, every } = this.layout;
    context.fillStyle = colors.text;
    context.textAlign = "right";
    for (const [i, label] of this.matrix.rows.entries()) {
      const [x, y, , height] = this.box([i, 0]);
      if (i % every === 0) context.fillText(label, x - gap, y + height / 2, x - gap);
    }
    context.textAlign = upright ? "left" : "center";
    if (!upright) context.textBaseline = "bottom";
    for (const [i, label] of this.matrix.columns.entries()) {
      if (upright && i % every !== 0) continue;
      const [x, y, width] = this.box([0, i]);
      context.setTransform(1, 0, 0, 1, x + width / 2, y - gap);
      if (upright) context.rotate(-Math.PI / 2);
      context.fillText(label, 0, 0);
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  /** What the colours mean: a strip of them with the values at its ends. */
  private drawScale(context: CanvasRenderingContext2D, colors: Palette, ratio: number): void {
    const [x0 = 0, x1 = 0] = [this.layout.x[0], this.layout.x.at(-1)];
    const [y, width] = [(this.layout.y.at(-1) ?? 0) + GAP * ratio, BAR.width * ratio];
    const strip = context.createLinearGradient(x0, 0, x0 + width, 0);
    const [low, high] = this.range;
    for (const [at, value] of [low, high].entries()) {
      strip.addColorStop(at, shade(value, this.range, colors.sequence));
      context.fillStyle = colors.quiet;
      context.textAlign = at === 0 ? "left" : "right";
      context.textBaseline = "top";
      const text = fixed(value, this.digits).replace("-", "\u2212");
      context.fillText(text, x0 + at * width, y + (BAR.height + 2) * ratio, x1);
    }
    context.fillStyle = strip;
    context.fillRect(x0, y, width, BAR.height * ratio);
    context.strokeRect(x0, y, width, BAR.height * ratio);
  }

  protected hover(event: PointerEvent): void {
    this.report(cellAt(this.layout, ...screenPixel(this.canvas, event)), false);
  }

  protected press(key: string): boolean {
    const arrow = ARROWS[key];
    if (arrow === undefined) return false;
    const { rows, columns } = this.matrix;
    const within = (to: number, n: number): number => Math.max(0, Math.min(n - 1, to));
    const [row, column] = this.at;
    this.at = [within(row - arrow[1], rows.length), within(column + arrow[0], columns.length)];
    this.redraw();
    this.report(this.at, true);
    return true;
  }

  protected report(cell: Cell | null, aloud: boolean): void {
    this.point(cell);
    if (cell === null) {
      this.readout.clear();
      return;
    }
    const [row, column] = cell;
    const [of, to] = [this.matrix.rows[row] ?? "", this.matrix.columns[column] ?? ""];
    const value = this.value(cell);
    const text = Number.isFinite(value) ? fixed(value, this.digits) : "\u2013";
    this.readout.say(this.words.cell ?? "", { row: of, column: to, value: text }, aloud);
  }
}
