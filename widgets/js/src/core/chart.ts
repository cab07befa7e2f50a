/** Lines over the training steps, as a chart and as a table. */

import { fit, scale, ticks } from "./canvas.ts";
import { h } from "./dom.ts";
import type { Palette } from "./palette.ts";
import { type Column, type Row, Table } from "./table.ts";
import type { Words } from "./words.ts";

export interface Series {
  readonly label: string;
  /** Pairs of step and value. */
  readonly points: ArrayLike<number>;
  readonly color: string;
  /** Lengths of dashes and gaps; without them the line is whole. */
  readonly dash?: readonly number[];
  readonly width?: number;
}

const MARGIN = { left: 38, right: 10, top: 8, bottom: 20 };
const HEIGHT = 170;
/** Of a line that has no width of its own. */
const WIDTH = 1.8;
/** Rows of the table: evenly spread over the run, the last step always among them. */
const ROWS = 10;

export class Chart {
  readonly element: HTMLElement;
  private readonly canvas = h("canvas", { class: "sl-chart", role: "img" });
  private readonly table: Table;
  private readonly legend = h("ul", { class: "sl-legend" });
  private readonly words: Words;
  private readonly title = h("strong");
  private series: readonly Series[] = [];
  private named = "";

  /** `id` tells several charts of a widget apart in tests. */
  constructor(words: Words, id: string, ...controls: Node[]) {
    this.words = words;
    this.table = new Table(words, `table-${id}`);
    this.title.classList.toggle("sl-unseen", controls.length > 0); // a chooser says it, too
    this.element = h(
      "figure",
      { class: "sl-figure", "data-sl-chart": id },
      h("figcaption", {}, this.title, ...controls, this.legend),
      this.canvas,
      this.table.element,
    );
  }

  /** Draws the series; `level` is a line across at a value that means something. */
  draw(
    title: string,
    series: readonly Series[],
    steps: number,
    colors: Palette,
    level?: number,
  ): void {
    this.series = series;
    this.name(title);
    const columns: Column[] = [
      { name: this.words.step_column ?? "", kind: "number", heads: true },
      ...series.map(({ label }) => ({ name: label, kind: "number" as const, digits: 3 })),
    ];
    this.table.draw(title, columns, () => tabulate(series.map(({ points }) => points)));
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    const context = fit(this.canvas, width, HEIGHT);
    const values = series.flatMap(({ points }) => every(points, 1));
    const [low, high] = range(level === undefined ? values : [...values, level]);
    const x = scale(0, Math.max(steps, 10), MARGIN.left, width - MARGIN.right);
    const y = scale(low, high, HEIGHT - MARGIN.bottom, MARGIN.top);
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = colors.quiet;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const value of ticks(low, high, 4)) {
      line(context, [MARGIN.left, y(value), width - MARGIN.right, y(value)], colors.line, 0.6);
      context.fillText(minus(value), MARGIN.left - 5, y(value));
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const step of ticks(0, Math.max(steps, 10), 5)) {
      context.fillText(String(step), x(step), HEIGHT - MARGIN.bottom + 5);
    }
    if (level !== undefined) {
      context.setLineDash([2, 3]);
      line(context, [MARGIN.left, y(level), width - MARGIN.right, y(level)], colors.text, 1);
    }
    for (const one of series) drawSeries(context, one, x, y);
    context.setLineDash([]);
  }

  private name(title: string): void {
    const key = [title, ...this.series.map(({ label, color }) => label + color)].join();
    if (key === this.named) return;
    this.named = key;
    this.title.textContent = title;
    this.canvas.setAttribute("aria-label", `${title}. ${this.words.as_table ?? ""}.`);
    this.legend.replaceChildren(
      ...this.series.map((one) => {
        const sample = h("canvas", { class: "sl-sample", "aria-hidden": "true" });
        lineSample(sample, one);
        return h("li", {}, sample, one.label);
      }),
    );
  }
}

/** A short piece of a line, which tells what it looks like. */
export function lineSample(
  sample: HTMLCanvasElement,
  { color, dash = [], width = WIDTH }: Pick<Series, "color" | "dash" | "width">,
): void {
  const context = fit(sample, 22, 10);
  context.setLineDash([...dash]);
  line(context, [0, 5, 22, 5], color, 1, width);
}

/** Rows of a step and the value of each series there: at most `ROWS` steps of each. */
export function tabulate(series: readonly ArrayLike<number>[]): Row[] {
  const rows = new Map<number, (number | undefined)[]>();
  for (const [k, points] of series.entries()) {
    const n = points.length / 2;
    for (let row = 0; row < Math.min(ROWS, n); row++) {
      const i = n <= ROWS ? row : Math.round(((row + 1) * n) / ROWS) - 1;
      const step = Math.round(points[2 * i] ?? 0);
      const values = rows.get(step) ?? series.map(() => undefined);
      values[k] = points[2 * i + 1];
      rows.set(step, values);
    }
  }
  return [...rows].sort(([a], [b]) => a - b).map(([step, values]) => [step, ...values]);
}

/** What the vertical axis shows: all values with a little air, or 0 to 2 before there are any. */
export function range(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 2];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = Math.max(0.05 * (high - low), 0.02);
  return [low - air, high + air];
}

type Scale = (value: number) => number;

function drawSeries(
  context: CanvasRenderingContext2D,
  { points, color, dash = [], width = WIDTH }: Series,
  x: Scale,
  y: Scale,
): void {
  context.strokeStyle = color;
  context.setLineDash([...dash]);
  context.lineWidth = width;
  context.lineJoin = "round";
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    context.lineTo(x(points[i] ?? 0), y(points[i + 1] ?? 0));
  }
  context.stroke();
  if (points.length === 2) {
    context.setLineDash([]);
    context.beginPath(); // a single point makes no line
    context.arc(x(points[0] ?? 0), y(points[1] ?? 0), 2, 0, 2 * Math.PI);
    context.stroke();
  }
}

function line(
  context: CanvasRenderingContext2D,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  color: string,
  alpha: number,
  width = 1,
): void {
  context.globalAlpha = alpha;
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
  context.globalAlpha = 1;
}

function minus(value: number): string {
  return String(value).replace("-", "\u2212");
}

/** Every second number, from the first or the second on. */
function every(data: ArrayLike<number>, first: 0 | 1): number[] {
  return Array.from({ length: data.length / 2 }, (_, i) => data[2 * i + first] ?? 0);
}
