/** A number line with a prediction (a circle) and a result (a triangle). */

import { ticks } from "../core/canvas.ts";
import type { Words } from "../core/words.ts";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, EDGE] = [320, 62, 16];

export class Line {
  readonly element: SVGSVGElement;
  private readonly low: number;
  private readonly high: number;
  private readonly words: Words;

  constructor(low: number, high: number, words: Words) {
    [this.low, this.high, this.words] = [low, high, words];
    this.element = make("svg", {
      class: "sl-line-axis",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      "aria-hidden": "true", // the sentence below says the same
    }) as SVGSVGElement;
  }

  draw(prediction: number | null, result: number | null): void {
    const x = (value: number) =>
      EDGE + ((value - this.low) / (this.high - this.low)) * (WIDTH - 2 * EDGE);
    const axis = 36;
    const parts = [make("line", { x1: EDGE, x2: WIDTH - EDGE, y1: axis, y2: axis, class: "axis" })];
    for (const value of ticks(this.low, this.high, 9)) {
      parts.push(
        make("line", { x1: x(value), x2: x(value), y1: axis - 4, y2: axis + 4, class: "axis" }),
        make("text", { x: x(value), y: axis + 18, class: "tick" }, String(value)),
      );
    }
    if (result !== null) {
      const [at, top] = [x(result), axis - 9];
      const d = `M${at} ${top - 8}l8 14h-16z`;
      parts.push(make("path", { d, class: "result" }, "", this.words.result));
    }
    if (prediction !== null) {
      const mark = { cx: x(prediction), cy: axis - 7, r: 6, class: "prediction" };
      parts.push(make("circle", mark, "", this.words.yours));
    }
    this.element.replaceChildren(...parts);
  }
}

function make(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  text = "",
  title = "",
): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== "") element.textContent = text;
  if (title !== "")
    element.append(Object.assign(document.createElementNS(SVG, "title"), { textContent: title }));
  return element;
}
