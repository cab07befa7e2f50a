/** The losses, and the measures of quality, over the steps; twins in one chart. */

import { Chart, type Series } from "../../core/chart.ts";
import { choice } from "../../core/controls.ts";
import { h } from "../../core/dom.ts";
import { numbers } from "../../core/frames.ts";
import { CEILING } from "../../core/meters.ts";
import type { Palette } from "../../core/palette.ts";
import type { Words } from "../../core/words.ts";
import { type ArenaFrame, type RunName, valuesOf } from "../frame.ts";

const METRICS = ["modes", "quality", "kl", "jsd"];
/** What the best that there is has of a measure, and the divergence that is the largest. */
const LEVELS: Readonly<Record<string, number>> = { quality: CEILING, jsd: Math.LN2 };

export class Charts {
  readonly element: HTMLElement;
  private readonly losses: Chart;
  private readonly metrics: Chart;
  private readonly words: Words;
  private metric = "modes";

  /** `redraw` is called when another metric is chosen. */
  constructor(words: Words, redraw: () => void) {
    this.words = words;
    const chooser = choice(
      "metric",
      METRICS.map((name) => [name, words[`metric_${name}`] ?? name]),
      (name) => {
        this.metric = name;
        redraw();
      },
    );
    chooser.setAttribute("aria-label", words.metric ?? "");
    this.losses = new Chart(words, "losses");
    this.metrics = new Chart(words, "metric", chooser);
    this.element = h(
      "div",
      { class: "sl-charts", "data-sl-part": "charts" },
      this.losses.element,
      this.metrics.element,
    );
  }

  draw(frame: ArenaFrame, colors: Palette): void {
    const losses = this.collect(frame, (run) =>
      valuesOf(frame, run).losses.map((name) => ({
        label: this.words[name] ?? name,
        points: numbers(frame, `${run}.loss:${name}`),
        color: name === "generator" ? colors.generator : colors.discriminator,
        dash: name === "generator" ? [5, 3] : [],
      })),
    );
    this.losses.draw(this.words.losses ?? "", losses, frame.step, colors);
    const metric = this.collect(frame, (run) =>
      valuesOf(frame, run).metrics.includes(this.metric)
        ? [
            {
              label: this.words[`metric_${this.metric}`] ?? this.metric,
              points: numbers(frame, `${run}.metric:${this.metric}`),
              color: colors.real,
              dash: [],
            },
          ]
        : [],
    );
    const title = this.words[`metric_${this.metric}`] ?? "";
    this.metrics.draw(title, metric, frame.step, colors, LEVELS[this.metric]);
  }

  /** The series of every run; of twins, B's are thin, and each says whose it is. */
  private collect(frame: ArenaFrame, series: (run: RunName) => Series[]): Series[] {
    const { runs } = frame.values;
    return runs.flatMap((run) =>
      series(run).map((one) => ({
        ...one,
        label: runs.length > 1 ? `${this.words[`run_${run}`] ?? run}: ${one.label}` : one.label,
        ...(run === "b" && { dash: [...(one.dash ?? []).map((d) => d / 2), 1, 3], width: 1.2 }),
      })),
    );
  }
}
