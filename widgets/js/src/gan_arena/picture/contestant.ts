/** One run on screen: its plane, the best answer beside it, and its meters. */

import { h } from "../../core/dom.ts";
import { numbers } from "../../core/frames.ts";
import { Meters } from "../../core/meters.ts";
import type { Palette } from "../../core/palette.ts";
import { arrows, circles, curve, mesh, Plane, triangles, type View } from "../../core/plane.ts";
import { fill, fixed, type Words } from "../../core/words.ts";
import { type ArenaFrame, type RunName, valuesOf } from "../frame.ts";

/** Noise is shown within so many standard deviations, as the kernel's mesh of it is. */
const REACH = 1.96;

export class Contestant {
  readonly element: HTMLElement;
  readonly plane = new Plane();
  private readonly best = new Plane();
  private readonly title = h("p", { class: "sl-heading" });
  private readonly ideal: HTMLElement;
  private readonly caption = h("figcaption", {});
  private readonly meters: Meters;
  private readonly words: Words;
  private readonly run: RunName;

  constructor(words: Words, run: RunName) {
    this.words = words;
    this.run = run;
    this.meters = new Meters(words);
    this.best.canvas.classList.add("sl-best");
    this.ideal = h("figure", { class: "sl-ideal" }, this.best.canvas, this.caption);
    this.title.textContent = words[`run_${run}`] ?? run;
    this.element = h(
      "div",
      { class: "sl-contestant", "data-sl-run": run },
      this.title,
      h("div", { class: "sl-view", "data-sl-part": "plane" }, this.plane.canvas),
      h("div", { class: "sl-beside" }, this.meters.element, this.ideal),
    );
  }

  /**
   * `bend` goes from 0, where the mesh is the noise itself, to 1, where it is G of it. Without
   * `whole` only the plane is drawn.
   */
  draw(
    frame: ArenaFrame,
    layers: readonly string[],
    colors: Palette,
    bend: number,
    whole: boolean,
  ): void {
    const values = valuesOf(frame, this.run);
    const has = (name: string): boolean => layers.includes(name);
    const array = (name: string) => frame.arrays.get(`${this.run}.${name}`);
    const window = [frame.values.low, frame.values.high] as const;
    this.plane.draw(
      window,
      has("field") ? (array("field")?.data ?? null) : null,
      colors,
      (view) => {
        const noise = array("manifold");
        if (has("manifold") && noise) drawManifold(view, noise.data, noise.shape, bend);
        if (has("real")) circles(view, numbers(frame, "real"));
        if (has("fake")) triangles(view, numbers(frame, `${this.run}.fake`));
        const pull = array("pull");
        if (has("pull") && pull) arrows(view, pull.data);
      },
    );
    if (!whole) return;
    this.title.hidden = frame.values.runs.length < 2;
    const best = array("ideal");
    this.ideal.hidden = !(has("ideal") && best && values.ideal);
    if (best && values.ideal && !this.ideal.hidden) {
      const { exact, gap, jsd } = values.ideal;
      this.best.draw(window, best.data, colors, (view) => circles(view, []));
      fill(this.caption, this.words[exact ? "ideal_exact" : "ideal_estimated"] ?? "", {
        gap: gap === null ? "\u2013" : fixed(gap, 2),
        jsd: jsd === null ? "\u2013" : fixed(jsd, 2),
      });
      this.best.canvas.setAttribute("aria-label", this.caption.textContent ?? "");
    }
    this.meters.element.hidden = values.modes === null;
    if (values.modes !== null) this.meters.draw(values.modes);
  }
}

function drawManifold(
  view: View,
  points: ArrayLike<number>,
  shape: readonly number[],
  bend: number,
): void {
  const flat = shape.length === 2;
  const side = shape[0] ?? 0;
  const bent = bend === 1 ? points : blend(points, side, flat, bend);
  if (flat) curve(view, bent);
  else mesh(view, bent, side);
}

/** Points between the noise and what the generator makes of it. */
export function blend(
  points: ArrayLike<number>,
  side: number,
  flat: boolean,
  bend: number,
): Float32Array {
  const at = (i: number): number => -REACH + (2 * REACH * i) / (side - 1);
  return Float32Array.from({ length: points.length }, (_, i) => {
    const k = Math.floor(i / 2);
    const [column, row] = flat ? [k, (side - 1) / 2] : [k % side, Math.floor(k / side)];
    const noise = i % 2 === 0 ? at(column) : at(row);
    return noise + bend * ((points[i] ?? 0) - noise);
  });
}
