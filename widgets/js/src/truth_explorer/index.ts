/** TruthExplorer: the view of `synthlab_widgets.TruthExplorer`. */

import { Announcer, bindKeys } from "../core/a11y.ts";
import { Chart } from "../core/chart.ts";
import { choice, enable, foldable, labelled } from "../core/controls.ts";
import { h } from "../core/dom.ts";
import { Drawing } from "../core/drawing.ts";
import { decode, type Frame, numbers } from "../core/frames.ts";
import { Layers } from "../core/layers.ts";
import { connect } from "../core/link.ts";
import { onThemeChange, palette } from "../core/palette.ts";
import { circles, Plane, triangles } from "../core/plane.ts";
import { Playback } from "../core/playback.ts";
import { Settings } from "../core/settings.ts";
import type { RenderContext, Status } from "../core/types.ts";
import { fixed, format, type Words } from "../core/words.ts";
import type { Details, Info, Values } from "./frame.ts";
import { Numbers } from "./numbers.ts";

/** What works without a kernel. */
const WATCHING = ["run", "pause", "step", "reset", "speed", "rewind"];

function render({ model, el }: RenderContext): () => void {
  const words = model.get("words") as Words;
  const info = model.get("info") as Info;
  let frame: Frame<Values> = decode(model.get("keyframe") as DataView);
  let state: Status["state"] = "paused";
  let done = frame.step; // the steps that the kernel has done; the picture may be behind
  let target: number | null = null; // the step that the reader is on the way to

  const set = (name: string, value: unknown): void => link.ask("set", { name, value });
  const actions = {
    toggle: () => link.ask(state === "running" ? "pause" : "run"),
    step: () => link.ask("step"),
    reset: () => link.ask("reset"),
    speed: (value: number | "slow") => set("speed", value),
    rewind: (to: number) => {
      target = to;
      link.askLatest("rewind", { to });
    },
    by: (steps: number) => actions.rewind(Math.max(0, (target ?? frame.step) + steps)),
  };
  const playback = new Playback(words, {}, actions);
  const plane = new Plane();
  const chart = new Chart(words, "nll");
  const figures = new Numbers(words);
  const layers = new Layers(words, info.layers, (names) => set("layers", names));
  const colour = choice(
    "shown",
    info.shown.map((name) => [name, words[`shown_${name}`] ?? name] as const),
    (name) => set("shown", name),
  );
  const settings = new Settings(words, info.fields, set);
  const drawing = new Drawing(
    words,
    () => palette(root),
    (dots) => set("drawing", dots),
  );
  const board = foldable(words.draw ?? "", "fold-draw", drawing.element);
  board.addEventListener("toggle", () => drawing.draw());
  const keys = (words.keys_list ?? "").split("\n").map((line) => {
    const [key, ...text] = line.split(": ");
    return h("li", {}, h("kbd", { dir: "ltr" }, key ?? ""), ` ${text.join(": ")}`);
  });
  const announcer = new Announcer();
  const message = h("p", { class: "sl-message", role: "alert", dir: "auto" });
  const root = h(
    "section",
    {
      class: "sl-root sl-live sl-truth-explorer",
      "aria-label": words.title ?? "",
      lang: model.get("language") as string,
      dir: model.get("direction") as string,
      tabindex: "-1",
    },
    playback.element,
    message,
    h("div", { class: "sl-controls sl-show" }, labelled(words.shown ?? "", colour), layers.element),
    h("div", { class: "sl-explorer" }, plane.canvas, h("div", {}, figures.element, chart.element)),
    h(
      "ul",
      { class: "sl-legend sl-marks" },
      ...[
        ["real", "train"],
        ["fake", "fake"],
        ["says-real", "missing"],
        ["says-fake", "surplus"],
      ].map(([mark, kind]) =>
        h(
          "li",
          {},
          h("span", { class: `sl-mark sl-mark-${mark}`, "aria-hidden": "true" }),
          words[`mark_${kind}`] ?? "",
        ),
      ),
    ),
    h(
      "div",
      { class: "sl-panels" },
      foldable(words.settings ?? "", "fold-settings", settings.element),
      board,
      foldable(words.keys ?? "", "fold-keys", h("ul", { class: "sl-keys" }, ...keys)),
    ),
    announcer.element,
  );
  bindKeys(root, {
    " ": actions.toggle,
    ".": actions.step,
    r: actions.reset,
    "[": () => actions.by(-1),
    "]": () => actions.by(1),
    c: () => {
      const at = info.shown.indexOf(colour.value);
      set("shown", info.shown[(at + 1) % info.shown.length]);
    },
    ...Object.fromEntries(info.layers.map((_, i) => [String(i + 1), () => layers.toggle(i)])),
  });

  const draw = (): void => {
    const colors = palette(root);
    const { low, high, floor } = frame.values;
    plane.draw([low, high], numbers(frame, "field"), colors, (view) => {
      circles(view, numbers(frame, "train"));
      triangles(view, numbers(frame, "fake"));
    });
    const series = ["train", "held_out"].map((name) => ({
      label: words[name] ?? name,
      points: frame.arrays.get(`loss:${name}`)?.data ?? [],
      color: name === "train" ? colors.generator : colors.real,
      dash: name === "train" ? [6, 4] : [],
      width: 1.8,
    }));
    chart.draw(words.nll_title ?? "", series, frame.step, colors, floor);
    figures.draw(frame.values);
    playback.showStep(frame.step);
    root.dataset.slFrame = String(frame.index);
    root.dataset.slStep = String(frame.step);
    root.dataset.slShown = frame.values.shown;
    settle();
    const summary = told();
    if (announcer.say(summary, state !== "running")) {
      plane.canvas.setAttribute("aria-label", `${summary} ${words.alt}`);
    }
  };
  // Nothing is under way any more: the picture shows the last step there is.
  const settle = (): void => {
    const settled = state !== "running" && frame.step === done;
    root.toggleAttribute("data-sl-settled", settled);
    if (settled && frame.step === target) target = null;
  };
  const told = (): string => {
    const { n, excess, model } = frame.values;
    const kind = words[`model_${model}`] ?? model;
    if (excess === null) return format(words.explorer_start ?? "", { model: kind });
    const above = fixed(excess.value, 3);
    const said = words.explorer_summary ?? "";
    return format(said, { step: frame.step, model: kind, n, excess: above });
  };

  const say = (text: string): void => {
    if (message.textContent !== text) message.textContent = text;
  };
  const link = connect<Values, Details>(model, root, {
    frame: (next) => {
      frame = next;
      draw();
    },
    status: (status) => {
      state = status.state;
      done = status.step;
      root.dataset.slState = link?.recorded ? "recorded" : state;
      playback.show(status);
      layers.show(status.details.layers);
      colour.value = status.details.shown;
      settings.show(status.details.settings);
      settle();
      if (status.message !== null) target = null;
      say(status.message ?? (link.recorded ? (words.recorded ?? "") : ""));
    },
    waiting: (waiting) => {
      if (waiting) say(words.waiting ?? "");
      else if (message.textContent === words.waiting) say("");
    },
    gone: (gone) => {
      root.dataset.slState = gone ? "gone" : "paused";
      enable(root, !gone);
      say(gone ? (words.gone ?? "") : "");
    },
  });
  el.append(root);
  root.dataset.slState = link.recorded ? "recorded" : state;
  if (link.recorded) enable(root, false, WATCHING);
  layers.show(info.layers);
  const resized = new ResizeObserver(draw); // it calls once at the start, too
  resized.observe(root);
  const stopTheme = onThemeChange(draw);
  return () => {
    link.destroy();
    resized.disconnect();
    stopTheme();
  };
}

export default { render };
