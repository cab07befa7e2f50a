/** TruthExplorer: the view of `synthlab_widgets.TruthExplorer`. */

import { keyList } from "../core/a11y.ts";
import { Chart } from "../core/chart.ts";
import { choice, foldable, labelled } from "../core/controls.ts";
import { h } from "../core/dom.ts";
import { Drawing } from "../core/drawing.ts";
import { numbers } from "../core/frames.ts";
import { Layers } from "../core/layers.ts";
import { marks } from "../core/marks.ts";
import { circles, Plane, triangles } from "../core/plane.ts";
import { Settings } from "../core/settings.ts";
import { perform, type Scene, type Stage } from "../core/stage.ts";
import type { RenderContext } from "../core/types.ts";
import { counted, fixed, format } from "../core/words.ts";
import type { Details, Info, Values } from "./frame.ts";
import { Numbers } from "./picture/numbers.ts";

function render(context: RenderContext): () => void {
  const info = context.model.get("info") as Info;
  return perform<Values, Details>(context, "truth-explorer", (stage) => explore(stage, info));
}

function explore({ words, root, set, colors }: Stage<Values>, info: Info): Scene<Values, Details> {
  const plane = new Plane();
  const chart = new Chart(words, "nll");
  const figures = new Numbers(words);
  const layers = new Layers(words, info.layers, (names) => set("layers", names));
  layers.show(info.layers);
  const colour = choice(
    "shown",
    info.shown.map((name) => [name, words[`shown_${name}`] ?? name] as const),
    (name) => set("shown", name),
  );
  const settings = new Settings(words, info.fields, set);
  const drawing = new Drawing(words, colors, (dots) => set("drawing", dots));
  const board = foldable(words.draw ?? "", "fold-draw", drawing.element);
  board.addEventListener("toggle", () => drawing.draw());
  return {
    body: [
      h(
        "div",
        { class: "sl-controls sl-show" },
        labelled(words.shown ?? "", colour),
        layers.element,
      ),
      h(
        "div",
        { class: "sl-explorer" },
        plane.canvas,
        h("div", {}, figures.element, chart.element),
      ),
      marks(words, [
        ["real", "train"],
        ["fake", "fake"],
        ["says-real", "missing"],
        ["says-fake", "surplus"],
      ]),
      h(
        "div",
        { class: "sl-panels" },
        foldable(words.settings ?? "", "fold-settings", settings.element),
        board,
        foldable(words.keys ?? "", "fold-keys", keyList(words)),
      ),
    ],
    keys: {
      c: () => {
        const at = info.shown.indexOf(colour.value);
        set("shown", info.shown[(at + 1) % info.shown.length]);
      },
      ...Object.fromEntries(info.layers.map((_, i) => [String(i + 1), () => layers.toggle(i)])),
    },
    draw(frame, palette) {
      const { low, high, floor, shown } = frame.values;
      plane.draw([low, high], numbers(frame, "field"), palette, (view) => {
        circles(view, numbers(frame, "train"));
        triangles(view, numbers(frame, "fake"));
      });
      const series = ["train", "held_out"].map((name) => ({
        label: words[name] ?? name,
        points: frame.arrays.get(`loss:${name}`)?.data ?? [],
        color: name === "train" ? palette.generator : palette.real,
        dash: name === "train" ? [6, 4] : [],
      }));
      chart.draw(words.nll_title ?? "", series, frame.step, palette, floor);
      figures.draw(frame.values);
      root.dataset.slShown = shown;
    },
    summary({ step, values: { n, excess, model } }) {
      const kind = words[`model_${model}`] ?? model;
      if (excess === null) return format(words.explorer_start ?? "", { model: kind });
      const above = fixed(excess.value, 3);
      const sentence = counted(words, "explorer_summary", n);
      return format(sentence, { step, model: kind, n, excess: above });
    },
    label(summary) {
      plane.canvas.setAttribute("aria-label", `${summary} ${words.alt}`);
    },
    status(details) {
      layers.show(details.layers);
      colour.value = details.shown;
      settings.show(details.settings);
    },
  };
}

export default { render };
