/** DigitsHistogram: the view of `synthlab_widgets.DigitsHistogram`, and the example of images. */

import { Chart } from "../core/chart.ts";
import { h } from "../core/dom.ts";
import { array } from "../core/frames.ts";
import { Raster } from "../core/raster.ts";
import { perform, type Scene, type Stage } from "../core/stage.ts";
import type { RenderContext } from "../core/types.ts";
import { fixed, format } from "../core/words.ts";

/** What a frame holds besides its arrays, as `digits_histogram.observe` makes it. */
interface Values {
  readonly levels: number;
  /** The step at which the fakes were sampled: an earlier one where sampling is dear. */
  readonly samples_step: number;
  /** The least that the loss can come to, where it is known. */
  readonly floor?: number;
}

function render(context: RenderContext): () => void {
  return perform<Values, unknown>(context, "digits-histogram", show);
}

function show({ words }: Stage<Values>): Scene<Values, unknown> {
  const rasters = ["real", "fake"].map((name) => ({ name, raster: new Raster(words, name) }));
  const chart = new Chart(words, "losses");
  return {
    body: [
      h("div", { class: "sl-digits" }, ...rasters.map(({ raster }) => raster.element)),
      chart.element,
    ],
    draw(frame, colors) {
      const step = frame.values.samples_step;
      const fake = step < frame.step ? format(words.fake_of ?? "", { step }) : words.fake;
      for (const { name, raster } of rasters) {
        raster.draw(
          (name === "fake" ? fake : words[name]) ?? "",
          array(frame, name),
          frame.values.levels,
          colors,
        );
      }
      const line = {
        label: words.nll ?? "",
        points: frame.arrays.get("loss:nll")?.data ?? [],
        color: colors.generator,
      };
      chart.draw(words.losses ?? "", [line], frame.step, colors, frame.values.floor);
    },
    summary({ step, arrays }) {
      const nll = arrays.get("loss:nll")?.data.at(-1);
      if (nll === undefined) return format(words.step_count ?? "", { step });
      return format(words.digits_summary ?? "", { step, nll: fixed(nll, 1) });
    },
    label(summary) {
      for (const { name, raster } of rasters) {
        const label = `${words[name]}. ${summary} ${words.alt} ${words.pixels_how}`;
        raster.canvas.setAttribute("aria-label", label);
      }
    },
  };
}

export default { render };
