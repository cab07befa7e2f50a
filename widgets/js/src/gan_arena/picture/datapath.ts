/** The way of the data: noise through G, real and fake through D, to the losses, and back. */

import { fit, scale } from "../../core/canvas.ts";
import { h } from "../../core/dom.ts";
import { numbers } from "../../core/frames.ts";
import type { Palette } from "../../core/palette.ts";
import type { Values as SettingValues } from "../../core/settings.ts";
import type { Phase } from "../../core/slow_motion.ts";
import { fixed, type Words } from "../../core/words.ts";
import type { ArenaFrame, RunName } from "../frame.ts";

const SIDE = 52;

export class DataPath {
  readonly element: HTMLElement;
  private readonly sentence = h("p", { class: "sl-phase", role: "status" });
  private readonly nodes = new Map<string, HTMLElement>();
  private readonly pictures = new Map<string, HTMLCanvasElement>();
  private readonly sizes = new Map<string, HTMLElement>();
  private readonly bars = new Map<string, { bar: HTMLElement; value: HTMLElement }>();
  private readonly words: Words;

  constructor(words: Words) {
    this.words = words;
    const edge = (name: string): HTMLElement =>
      this.node(name, h("span", { class: "sl-edge", "aria-hidden": "true" }));
    const box = (name: string, ...content: Node[]): HTMLElement =>
      this.node(
        name,
        h("div", { class: "sl-node", "data-sl-part": name }, ...content, this.label(name)),
      );
    this.element = h(
      "div",
      { class: "sl-path-frame" },
      h(
        "div",
        { class: "sl-path", dir: "ltr", role: "group", "aria-label": words.path ?? "" },
        box("noise", this.picture("noise")),
        edge("noise-generator"),
        box("generator", this.size("generator")),
        edge("generator-fake"),
        h(
          "div",
          { class: "sl-stack" },
          box("fake", this.picture("fake")),
          box("real", this.picture("real")),
        ),
        edge("points-discriminator"),
        box("discriminator", this.size("discriminator")),
        edge("discriminator-loss"),
        box("loss", this.bar("discriminator"), this.bar("generator")),
      ),
      this.sentence,
    );
  }

  draw(frame: ArenaFrame, run: RunName, settings: SettingValues, colors: Palette): void {
    const window = [frame.values.low, frame.values.high] as const;
    this.dots("real", numbers(frame, "real"), window, colors.real);
    this.dots("fake", numbers(frame, `${run}.fake`), window, colors.fake);
    this.drawNoise(settings, colors);
    for (const [letter, part] of [
      ["g", "generator"],
      ["d", "discriminator"],
    ] as const) {
      const own = settings.networks === "own";
      const text = own
        ? (this.words.networks_own ?? "")
        : `${settings[`${letter}_depth`]} × ${settings[`${letter}_width`]}`;
      const size = this.sizes.get(part);
      if (size && size.textContent !== text) size.textContent = text;
      const series = frame.arrays.get(`${run}.loss:${part}`)?.data;
      const bar = this.bars.get(part);
      if (bar === undefined) continue;
      const loss = series?.at(-1);
      bar.value.textContent = loss === undefined ? "\u2013" : fixed(loss, 2);
      bar.bar.style.inlineSize = `${Math.min(100, 50 * Math.abs(loss ?? 0))}%`;
    }
  }

  /** Lights a phase of slow motion and says what happens in it. */
  show(phase: Phase | null): void {
    const lit = phase?.lit ?? [];
    for (const [name, node] of this.nodes) {
      node.classList.toggle("sl-lit", lit.includes(name) || lit.includes(`${name}<`));
      node.classList.toggle("sl-back", lit.includes(`${name}<`));
    }
    const text = this.words[`slow_${phase?.name}`] ?? "";
    if (this.sentence.textContent !== text) this.sentence.textContent = text;
  }

  private node(name: string, element: HTMLElement): HTMLElement {
    this.nodes.set(name, element);
    return element;
  }

  private label(name: string): HTMLElement {
    return h("span", { class: "sl-name", dir: "auto" }, this.words[`path_${name}`] ?? name);
  }

  private picture(name: string): HTMLElement {
    const canvas = h("canvas", { class: "sl-thumb", "aria-hidden": "true" });
    this.pictures.set(name, canvas);
    return canvas;
  }

  private size(name: string): HTMLElement {
    const element = h("span", { class: "sl-size" });
    this.sizes.set(name, element);
    return element;
  }

  private bar(name: string): HTMLElement {
    const bar = h("span", { class: `sl-bar sl-bar-${name}` });
    const value = h("span", { class: "sl-loss-value" });
    this.bars.set(name, { bar, value });
    return h(
      "span",
      { class: "sl-loss", title: this.words[name] ?? name },
      h("span", { "aria-hidden": "true" }, name === "generator" ? "G" : "D"),
      h("span", { class: "sl-track" }, bar),
      value,
    );
  }

  private dots(
    name: string,
    points: ArrayLike<number>,
    [low, high]: readonly [number, number],
    color: string,
  ): void {
    const canvas = this.pictures.get(name);
    if (canvas === undefined) return;
    const context = fit(canvas, SIDE, SIDE);
    const x = scale(low, high, 1, SIDE - 1);
    const y = scale(low, high, SIDE - 1, 1);
    context.fillStyle = color;
    for (let i = 0; i < points.length; i += 4) {
      context.fillRect(x(points[i] ?? 0) - 1, y(points[i + 1] ?? 0) - 1, 2, 2);
    }
  }

  /** What the noise looks like: its first two numbers on a lattice, denser where it is likelier. */
  private drawNoise(settings: SettingValues, colors: Palette): void {
    const canvas = this.pictures.get("noise");
    if (canvas === undefined) return;
    const context = fit(canvas, SIDE, SIDE);
    context.fillStyle = colors.generator;
    const rows = settings.noise === 1 ? [0] : [-4, -3, -2, -1, 0, 1, 2, 3, 4];
    for (const row of rows) {
      for (let column = -4; column <= 4; column++) {
        const [u, v] = [column / 2, row / 2];
        context.globalAlpha =
          settings.prior === "uniform" ? 0.8 : 0.1 + 0.9 * Math.exp(-(u * u + v * v) / 2);
        context.fillRect(SIDE / 2 + 11 * u - 1.5, SIDE / 2 + 11 * v - 1.5, 3, 3);
      }
    }
  }
}
