/** The three measures over time, every run in each. */

import { Chart, lineSample } from "../../core/chart.ts";
import { h } from "../../core/dom.ts";
import { numbers } from "../../core/frames.ts";
import { CEILING } from "../../core/meters.ts";
import type { Palette } from "../../core/palette.ts";
import type { Words } from "../../core/words.ts";
import type { LabFrame } from "../frame.ts";

const METRICS = ["modes", "quality", "kl"] as const;

/** How the lines of the run in a place are drawn, and the sample of it beside its step. */
export class Style {
  private readonly canvas = h("canvas", { class: "sl-sample", "aria-hidden": "true" });
  private readonly place: number;

  constructor(place: number) {
    this.place = place;
  }

  sample(): HTMLElement {
    return this.canvas;
  }

  color(colors: Palette): string {
    const { text, real, generator, discriminator } = colors;
    return [text, real, generator, discriminator][this.place] ?? text;
  }

  get dash(): readonly number[] {
    return [[], [6, 3], [2, 2], [8, 3, 2, 3]][this.place] ?? [];
  }

  draw(colors: Palette): void {
    lineSample(this.canvas, { color: this.color(colors), dash: this.dash, width: 2 });
  }
}

export class Charts {
  readonly element: HTMLElement;
  private readonly charts: ReadonlyMap<string, Chart>;
  private readonly words: Words;
  private readonly styles: readonly Style[];

  constructor(words: Words, styles: readonly Style[]) {
    [this.words, this.styles] = [words, styles];
    this.charts = new Map(METRICS.map((name) => [name, new Chart(words, name)]));
    this.element = h(
      "div",
      { class: "sl-charts", "data-sl-part": "charts" },
      ...[...this.charts.values()].map(({ element }) => element),
    );
  }

  draw(frame: LabFrame, colors: Palette): void {
    const { lanes } = frame.values;
    const levels = { modes: lanes[0]?.modes?.total, quality: CEILING, kl: 0 };
    for (const name of METRICS) {
      const series = lanes.map(({ cure, metrics }, place) => ({
        label: this.words[`cure_${cure}`] ?? cure,
        points: metrics.includes(name) ? numbers(frame, `${place}.metric:${name}`) : [],
        color: this.styles[place]?.color(colors) ?? colors.text,
        dash: this.styles[place]?.dash ?? [],
      }));
      const title = this.words[`chart_${name}`] ?? "";
      this.charts.get(name)?.draw(title, series, frame.step, colors, levels[name]);
    }
  }
}
