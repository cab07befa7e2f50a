/** A curve or a density that the learner draws, and the result laid over it. */

import { ARROWS, grabKeys } from "../core/a11y.ts";
import { fit, scale, ticks } from "../core/canvas.ts";
import { h } from "../core/dom.ts";
import { onThemeChange, palette } from "../core/palette.ts";
import type { Item } from "../core/question.ts";
import { Table } from "../core/table.ts";
import { fixed, format, type Words } from "../core/words.ts";

const HEIGHT = 220;
const MARGIN = { left: 44, right: 12, top: 10, bottom: 34 };

export class Sketch {
  readonly element: HTMLElement;
  private readonly canvas = h("canvas", { class: "sl-sketch", tabindex: "0", role: "application" });
  private readonly spoken = h("p", { class: "sl-note", role: "status" });
  private readonly table: Table;
  private readonly item: Item;
  private readonly words: Words;
  private readonly stops: (() => void)[];
  private drawn: number[];
  private touched = false;
  private locked = false;
  private result: readonly number[] | null = null;
  private at: number;
  private last: number | null = null;

  constructor(item: Item, words: Words) {
    [this.item, this.words, this.table] = [item, words, new Table(words, "table")];
    this.at = (item.points - 1) / 2;
    const middle = item.kind === "density" ? 0 : (this.bottom + this.top) / 2;
    this.drawn = Array.from({ length: item.points }, () => middle);
    this.canvas.setAttribute("aria-label", `${item.y ?? ""}. ${words.sketch ?? ""}`);
    this.canvas.dataset.slAction = "sketch";
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.last = null;
      this.point(event);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.buttons !== 0) this.point(event);
    });
    grabKeys(
      this.canvas,
      (key) => this.press(key),
      () => this.draw(),
    );
    const size = new ResizeObserver(() => this.draw());
    size.observe(this.canvas);
    this.stops = [() => size.disconnect(), onThemeChange(() => this.draw())];
    const density = item.kind === "density" ? [h("p", { class: "sl-note" }, words.area ?? "")] : [];
    this.element = h(
      "div",
      {},
      h("p", { class: "sl-note" }, words.sketch ?? ""),
      ...density,
      h(
        "ul",
        { class: "sl-legend" },
        h("li", {}, h("span", { class: "sl-dash", "aria-hidden": "true" }), words.yours ?? ""),
        h("li", {}, h("span", { class: "sl-solid", "aria-hidden": "true" }), words.result ?? ""),
      ),
      this.canvas,
      this.spoken,
      this.table.element,
    );
  }

  /** What was drawn; null while nothing was. A density is scaled to the area 1. */
  values(): number[] | null {
    if (!this.touched) return null;
    if (this.item.kind !== "density") return [...this.drawn];
    const width = (this.high - this.low) / (this.drawn.length - 1);
    const area = this.drawn.reduce((sum, y, n) => {
      const end = n === 0 || n === this.drawn.length - 1;
      return sum + y * width * (end ? 0.5 : 1);
    }, 0);
    return area > 0 ? this.drawn.map((y) => y / area) : null;
  }

  show(answer: readonly number[] | null, result: readonly number[] | null): void {
    this.locked = answer !== null;
    if (answer !== null) [this.drawn, this.touched] = [[...answer], true];
    this.result = result;
    this.draw();
  }

  destroy(): void {
    for (const stop of this.stops) stop();
  }

  private get low(): number {
    return this.item.low ?? 0;
  }
  private get high(): number {
    return this.item.high ?? 1;
  }
  private get bottom(): number {
    return this.item.kind === "density" ? 0 : (this.item.bottom ?? 0);
  }
  private get top(): number {
    return this.item.top ?? 1;
  }

  /** The pointer draws: every place between the last one and here follows. */
  private point(event: PointerEvent): void {
    if (this.locked) return;
    const box = this.canvas.getBoundingClientRect();
    const share =
      (event.clientX - box.left - MARGIN.left) / (box.width - MARGIN.left - MARGIN.right);
    const rise =
      (box.bottom - MARGIN.bottom - event.clientY) / (HEIGHT - MARGIN.top - MARGIN.bottom);
    const to = Math.round(Math.max(0, Math.min(1, share)) * (this.drawn.length - 1));
    const y = this.bottom + Math.max(0, Math.min(1, rise)) * (this.top - this.bottom);
    const from = this.last ?? to;
    const before = this.drawn[from] ?? y;
    const steps = Math.abs(to - from);
    for (let n = 0; n <= steps; n += 1) {
      const part = steps === 0 ? 1 : n / steps;
      this.drawn[from + Math.sign(to - from) * n] = before + (y - before) * part;
    }
    [this.last, this.at, this.touched] = [to, to, true];
    this.draw();
  }

  private press(key: string): boolean {
    const move = ARROWS[key];
    if (move === undefined) return false;
    this.at = Math.max(0, Math.min(this.drawn.length - 1, this.at + move[0]));
    if (move[1] !== 0 && !this.locked) {
      const y = (this.drawn[this.at] ?? 0) + (move[1] * (this.top - this.bottom)) / 20;
      this.drawn[this.at] = Math.max(this.bottom, Math.min(this.top, y));
      this.touched = true;
    }
    this.draw();
    const values = { x: fixed(this.x(this.at), 2), y: fixed(this.drawn[this.at] ?? 0, 2) };
    this.spoken.textContent = format(this.words.at ?? "", values);
    return true;
  }

  private x(place: number): number {
    return this.low + (place / (this.drawn.length - 1)) * (this.high - this.low);
  }

  private draw(): void {
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    const context = fit(this.canvas, width, HEIGHT);
    const colors = palette(this.canvas);
    const px = scale(this.low, this.high, MARGIN.left, width - MARGIN.right);
    const py = scale(this.bottom, this.top, HEIGHT - MARGIN.bottom, MARGIN.top);
    context.font = "12px system-ui, sans-serif";
    context.fillStyle = colors.quiet;
    context.strokeStyle = colors.line;
    context.lineWidth = 0.5;
    context.textAlign = "center";
    for (const value of ticks(this.low, this.high, 6)) {
      context.fillText(String(value), px(value), HEIGHT - MARGIN.bottom + 15);
    }
    context.fillText(this.item.x ?? "", (MARGIN.left + width - MARGIN.right) / 2, HEIGHT - 4);
    context.textAlign = "right";
    for (const value of ticks(this.bottom, this.top, 5)) {
      context.fillText(String(value), MARGIN.left - 6, py(value) + 4);
      line(context, [MARGIN.left, width - MARGIN.right], [py(value), py(value)]);
    }
    const places = this.drawn.map((_, n) => px(this.x(n)));
    if (this.result !== null) {
      context.strokeStyle = colors.fake;
      context.lineWidth = 3;
      line(context, places, this.result.map(py));
    }
    context.strokeStyle = colors.real;
    context.lineWidth = 2.5;
    context.setLineDash([6, 4]);
    line(context, places, this.drawn.map(py));
    context.setLineDash([]);
    if (document.activeElement === this.canvas) {
      context.strokeStyle = colors.text;
      context.lineWidth = 1.5;
      context.beginPath();
      context.arc(px(this.x(this.at)), py(this.drawn[this.at] ?? 0), 7, 0, 2 * Math.PI);
      context.stroke();
    }
    this.fillTable();
  }

  private fillTable(): void {
    const { item, words, result } = this;
    const names = [item.x, words.yours, ...(result ? [words.result] : [])];
    const columns = names.map((name) => ({ name: name ?? "", kind: "number" as const, digits: 2 }));
    this.table.draw(item.y ?? "", columns, () =>
      this.drawn
        .map((y, n) => [this.x(n), y, ...(result ? [result[n]] : [])])
        .filter((_, n) => n % 4 === 0),
    );
  }
}

function line(context: CanvasRenderingContext2D, x: readonly number[], y: readonly number[]) {
  context.beginPath();
  for (const [n, at] of x.entries()) context.lineTo(at, y[n] ?? 0);
  context.stroke();
}
