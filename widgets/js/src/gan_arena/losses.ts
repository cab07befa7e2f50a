/** The losses over the training steps, as a chart and as a table. */

import { fit, scale, ticks } from "../core/canvas.ts";
import { h } from "../core/dom.ts";
import { numbers } from "../core/frames.ts";
import type { Palette } from "../core/palette.ts";
import { fixed, type Words } from "../core/words.ts";
import type { ArenaFrame } from "./frame.ts";

const MARGIN = { left: 34, right: 10, top: 8, bottom: 20 };
const HEIGHT = 180;
/** Rows of the table: evenly spread over the run, the last step always among them. */
const ROWS = 10;

export class Losses {
  readonly element: HTMLElement;
  readonly canvas = h("canvas", { class: "sl-chart", role: "img" });
  private readonly table = h("table");
  private readonly details: HTMLDetailsElement;
  private readonly words: Words;
  private frame: ArenaFrame | null = null;

  constructor(words: Words) {
    this.words = words;
    const entry = (name: string) =>
      h(
        "li",
        {},
        h("span", { class: `sl-mark sl-line-${name}`, "aria-hidden": "true" }),
        words[name] ?? name,
      );
    this.details = h(
      "details",
      {},
      h("summary", {}, words.losses_table ?? ""),
      h("div", { class: "sl-table" }, this.table),
    );
    this.details.addEventListener("toggle", () => this.fillTable());
    this.element = h(
      "figure",
      { class: "sl-losses" },
      h(
        "figcaption",
        {},
        h("strong", {}, words.losses ?? ""),
        h("ul", { class: "sl-legend" }, entry("discriminator"), entry("generator")),
      ),
      this.canvas,
      this.details,
    );
  }

  draw(frame: ArenaFrame, colors: Palette): void {
    this.frame = frame;
    this.fillTable();
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    const context = fit(this.canvas, width, HEIGHT);
    const series = frame.values.losses.map(
      (name) => [name, numbers(frame, `loss:${name}`)] as const,
    );
    const [low, high] = range(series.flatMap(([, data]) => every(data, 1)));
    const x = scale(0, Math.max(frame.step, 10), MARGIN.left, width - MARGIN.right);
    const y = scale(low, high, HEIGHT - MARGIN.bottom, MARGIN.top);
    drawGrid(context, colors, width, Math.max(frame.step, 10), low, high, x, y);
    for (const [name, data] of series) {
      context.beginPath();
      for (let i = 0; i < data.length; i += 2) context.lineTo(x(data[i] ?? 0), y(data[i + 1] ?? 0));
      context.strokeStyle = name === "generator" ? colors.generator : colors.discriminator;
      context.setLineDash(name === "generator" ? [5, 3] : []);
      context.lineWidth = 1.8;
      context.lineJoin = "round";
      context.stroke();
      if (data.length === 2) dot(context, x(data[0] ?? 0), y(data[1] ?? 0));
    }
    context.setLineDash([]);
  }

  private fillTable(): void {
    if (!this.details.open || this.frame === null) return;
    const frame = this.frame;
    const rows = new Map<number, Map<string, number>>();
    for (const name of frame.values.losses) {
      const data = numbers(frame, `loss:${name}`);
      const n = data.length / 2;
      for (let k = 0; k < Math.min(ROWS, n); k++) {
        const i = n <= ROWS ? k : Math.round(((k + 1) * n) / ROWS) - 1;
        const step = Math.round(data[2 * i] ?? 0);
        rows.set(step, (rows.get(step) ?? new Map()).set(name, data[2 * i + 1] ?? Number.NaN));
      }
    }
    const head = [
      this.words.step_column ?? "",
      ...frame.values.losses.map((n) => this.words[n] ?? n),
    ];
    const body = [...rows].sort(([a], [b]) => a - b);
    this.table.replaceChildren(
      h("caption", { class: "sl-unseen" }, this.words.losses ?? ""),
      h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))),
      h(
        "tbody",
        {},
        ...body.map(([step, losses]) =>
          h(
            "tr",
            {},
            h("th", { scope: "row", dir: "ltr" }, String(step)),
            ...frame.values.losses.map((name) => {
              const loss = losses.get(name);
              return h("td", { dir: "ltr" }, loss === undefined ? "\u2013" : fixed(loss, 3));
            }),
          ),
        ),
      ),
    );
  }
}

type Scale = (value: number) => number;

/** A single step makes no line. */
function dot(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.setLineDash([]);
  context.arc(x, y, 2, 0, 2 * Math.PI);
  context.stroke();
}

function drawGrid(
  context: CanvasRenderingContext2D,
  colors: Palette,
  width: number,
  steps: number,
  low: number,
  high: number,
  x: Scale,
  y: Scale,
): void {
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = colors.quiet;
  context.strokeStyle = colors.line;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of ticks(low, high, 4)) {
    context.globalAlpha = 0.6;
    context.beginPath();
    context.moveTo(MARGIN.left, y(value));
    context.lineTo(width - MARGIN.right, y(value));
    context.stroke();
    context.globalAlpha = 1;
    context.fillText(String(value).replace("-", "\u2212"), MARGIN.left - 5, y(value));
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const step of ticks(0, steps, 5)) {
    context.fillText(String(step), x(step), HEIGHT - MARGIN.bottom + 5);
  }
}

/** Every second number, from the first or the second on. */
function every(data: ArrayLike<number>, first: 0 | 1): number[] {
  return Array.from({ length: data.length / 2 }, (_, i) => data[2 * i + first] ?? 0);
}

/** What the vertical axis shows: all losses with a little air, or 0 to 2 before there are any. */
function range(losses: readonly number[]): [number, number] {
  if (losses.length === 0) return [0, 2];
  const low = Math.min(...losses);
  const high = Math.max(...losses);
  const air = Math.max(0.05 * (high - low), 0.02);
  return [low - air, high + air];
}
