/** A canvas for data of one's own: dots by pointer, by touch or by keyboard. */

import { ARROWS, grabKeys } from "./a11y.ts";
import { button } from "./controls.ts";
import { h } from "./dom.ts";
import type { Palette } from "./palette.ts";
import { circles, Plane } from "./plane.ts";
import { fill, type Words } from "./words.ts";

type Dot = readonly [number, number];

/** The square that can be drawn on, as `synthlab.data.Drawing` has it. */
const EDGE = 2.5;
/** Dots that a drawing has at most. */
export const MOST = 500;
/** How far the brush moves with an arrow key, and how far dots of a stroke are apart. */
const STRIDE = 0.1;

/** The dots of a drawing; outside the square and beyond the most there are none. */
export class Dots {
  readonly all: Dot[] = [];

  add(dot: Dot): boolean {
    if (this.all.length >= MOST || dot.some((value) => Math.abs(value) > EDGE)) return false;
    this.all.push(dot);
    return true;
  }

  /** A stroke goes on to here: a dot, if it is far enough from the last. */
  stroke(dot: Dot): boolean {
    const last = this.all.at(-1);
    const near = last && Math.hypot(dot[0] - last[0], dot[1] - last[1]) < STRIDE;
    return !near && this.add(dot);
  }
}

export class Drawing {
  readonly element: HTMLElement;
  private readonly dots = new Dots();
  private readonly plane = new Plane();
  private readonly count = h("p", { role: "status", class: "sl-note" });
  private readonly words: Words;
  private readonly colors: () => Palette;
  private brush: [number, number] = [0, 0];

  constructor(words: Words, colors: () => Palette, use: (dots: readonly Dot[]) => void) {
    this.words = words;
    this.colors = colors;
    const { canvas } = this.plane;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", words.draw_how ?? "");
    canvas.dataset.slAction = "draw";
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.dots.add(this.plane.locate(event));
      this.draw();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.buttons === 0 || !this.dots.stroke(this.plane.locate(event))) return;
      this.draw();
    });
    grabKeys(
      canvas,
      (key) => this.press(key),
      () => this.draw(),
    );
    this.element = h(
      "div",
      { class: "sl-drawing" },
      h("p", { class: "sl-note" }, words.draw_how ?? ""),
      canvas,
      h(
        "div",
        { class: "sl-controls" },
        button(words.draw_done ?? "", "draw-done", () => use(this.dots.all)),
        button(words.draw_undo ?? "", "draw-undo", () => this.edit(() => this.dots.all.pop())),
        button(words.draw_clear ?? "", "draw-clear", () =>
          this.edit(() => this.dots.all.splice(0)),
        ),
        this.count,
      ),
    );
  }

  draw(): void {
    this.plane.draw([-EDGE, EDGE], null, this.colors(), (view) => {
      circles(view, this.dots.all.flat());
      if (document.activeElement !== this.plane.canvas) return;
      const [x, y] = [view.x(this.brush[0]), view.y(this.brush[1])];
      view.context.strokeStyle = view.colors.text;
      view.context.lineWidth = 1.5;
      view.context.beginPath();
      view.context.arc(x, y, 7, 0, 2 * Math.PI);
      view.context.stroke();
    });
    fill(this.count, this.words.draw_count ?? "", { count: this.dots.all.length });
  }

  private edit(act: () => void): void {
    act();
    this.draw();
  }

  private press(key: string): boolean {
    const arrow = ARROWS[key];
    if (arrow !== undefined) {
      const to = (i: 0 | 1): number =>
        Math.max(-EDGE, Math.min(EDGE, this.brush[i] + STRIDE * arrow[i]));
      this.brush = [to(0), to(1)];
    } else if (key === "Enter" || key === " ") {
      this.dots.add([...this.brush]);
    } else if (key === "Backspace") {
      this.dots.all.pop();
    } else return false;
    this.draw();
    return true;
  }
}
