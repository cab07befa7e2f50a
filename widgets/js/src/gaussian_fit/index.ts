/** GaussianFit: the view of `synthlab_widgets.GaussianFit`, and the example of a widget. */

import { fit, scale } from "../core/canvas.ts";
import { Chart } from "../core/chart.ts";
import { h } from "../core/dom.ts";
import { type Frame, numbers } from "../core/frames.ts";
import type { Palette } from "../core/palette.ts";
import { perform, type Scene, type Stage } from "../core/stage.ts";
import type { RenderContext } from "../core/types.ts";
import { fixed, format } from "../core/words.ts";

/** What a frame holds besides its arrays, as `gaussian_fit.observe` makes it. */
interface Values {
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  readonly std: number;
  readonly floor: number;
}

const HEIGHT = 200;

function render(context: RenderContext): () => void {
  return perform<Values, unknown>(context, "gaussian-fit", show);
}

function show({ words }: Stage<Values>): Scene<Values, unknown> {
  const canvas = h("canvas", { class: "sl-densities", role: "img" });
  const chart = new Chart(words, "losses");
  return {
    body: [canvas, chart.element],
    // One picture: everything comes from the frame.
    draw(frame, colors) {
      drawDensities(canvas, frame, colors);
      const points = frame.arrays.get("loss:nll")?.data ?? [];
      const line = { label: words.nll ?? "", points, color: colors.generator };
      chart.draw(words.losses ?? "", [line], frame.step, colors, frame.values.floor);
    },
    summary: ({ step, values: { mean, std } }) =>
      format(words.fit_summary ?? "", { step, mean: fixed(mean, 2), std: fixed(std, 2) }),
    label: (summary) => canvas.setAttribute("aria-label", `${summary} ${words.alt}`),
  };
}

/** The data as ticks below, the true density filled, the fit as a dashed line. */
function drawDensities(canvas: HTMLCanvasElement, frame: Frame<Values>, colors: Palette): void {
  const width = canvas.clientWidth;
  if (width === 0) return;
  const context = fit(canvas, width, HEIGHT);
  const x = scale(frame.values.low, frame.values.high, 8, width - 8);
  const y = scale(0, 1, HEIGHT - 16, 8);
  for (const name of ["truth", "fit"]) {
    const points = numbers(frame, name);
    context.beginPath();
    for (let i = 0; i < points.length; i += 2)
      context.lineTo(x(points[i] ?? 0), y(points[i + 1] ?? 0));
    context.setLineDash(name === "fit" ? [6, 4] : []);
    context.lineWidth = 2;
    context.strokeStyle = name === "fit" ? colors.generator : colors.real;
    context.stroke();
  }
  context.fillStyle = colors.real;
  for (const at of numbers(frame, "data")) context.fillRect(x(at), HEIGHT - 12, 1, 10);
}

export default { render };
