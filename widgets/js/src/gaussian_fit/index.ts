/** GaussianFit: the view of `synthlab_widgets.GaussianFit`, and the example of a widget. */

import { Announcer, bindKeys } from "../core/a11y.ts";
import { fit, scale } from "../core/canvas.ts";
import { Chart } from "../core/chart.ts";
import { enable } from "../core/controls.ts";
import { h } from "../core/dom.ts";
import { decode, type Frame, numbers } from "../core/frames.ts";
import { connect } from "../core/link.ts";
import { onThemeChange, type Palette, palette } from "../core/palette.ts";
import { Playback } from "../core/playback.ts";
import type { RenderContext, Status } from "../core/types.ts";
import { fixed, format, type Words } from "../core/words.ts";

/** What a frame holds besides its arrays, as `gaussian_fit.observe` makes it. */
interface Values {
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  readonly std: number;
  readonly floor: number;
}

const HEIGHT = 200;

function render({ model, el }: RenderContext): () => void {
  const words = model.get("words") as Words;
  let frame: Frame<Values> = decode(model.get("keyframe") as DataView);
  let state: Status["state"] = "paused";

  // The pieces: what drives, what shows, what speaks.
  const playback = new Playback(
    words,
    {},
    {
      toggle: () => link.ask(state === "running" ? "pause" : "run"),
      step: () => link.ask("step"),
      reset: () => link.ask("reset"),
      speed: (value) => link.ask("set", { name: "speed", value }),
      rewind: (to) => link.askLatest("rewind", { to }),
    },
  );
  const canvas = h("canvas", { class: "sl-densities", role: "img" });
  const chart = new Chart(words, "losses");
  const announcer = new Announcer();
  const message = h("p", { class: "sl-message", role: "alert", dir: "auto" });
  const root = h(
    "section",
    {
      class: "sl-root sl-live sl-gaussian-fit",
      "aria-label": words.title ?? "",
      lang: model.get("language") as string,
      dir: model.get("direction") as string,
      tabindex: "-1",
    },
    playback.element,
    message,
    canvas,
    chart.element,
    announcer.element,
  );
  bindKeys(root, {
    " ": () => link.ask(state === "running" ? "pause" : "run"),
    ".": () => link.ask("step"),
    r: () => link.ask("reset"),
  });

  // One picture: everything comes from the frame.
  const draw = (): void => {
    const colors = palette(root);
    drawDensities(canvas, frame, colors);
    const points = frame.arrays.get("loss:nll")?.data ?? [];
    const line = { label: words.nll ?? "", points, color: colors.generator, dash: [], width: 1.8 };
    chart.draw(words.losses ?? "", [line], frame.step, colors, frame.values.floor);
    playback.showStep(frame.step);
    Object.assign(root.dataset, { slFrame: String(frame.index), slStep: String(frame.step) });
    const { mean, std } = frame.values;
    const summary = format(words.fit_summary ?? "", {
      step: frame.step,
      mean: fixed(mean, 2),
      std: fixed(std, 2),
    });
    if (announcer.say(summary, state !== "running")) {
      canvas.setAttribute("aria-label", `${summary} ${words.alt}`);
    }
  };

  // The conversation with the kernel, or with a recording.
  const say = (text: string): void => message.replaceChildren(text);
  const link = connect<Values, unknown>(model, root, {
    frame: (next) => {
      frame = next;
      draw();
    },
    status: (status) => {
      state = status.state;
      root.dataset.slState = state;
      playback.show(status);
      say(status.message ?? "");
    },
    waiting: (waiting) => say(waiting ? (words.waiting ?? "") : ""),
    gone: (gone) => {
      enable(root, !gone);
      say(gone ? (words.gone ?? "") : "");
    },
  });
  el.append(root);
  const resized = new ResizeObserver(draw); // it calls once at the start, too
  resized.observe(root);
  const stopTheme = onThemeChange(draw);
  return () => {
    link.destroy();
    resized.disconnect();
    stopTheme();
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
