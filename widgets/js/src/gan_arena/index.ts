/** GanArena: the view of `synthlab_widgets.GanArena`. */

import { button } from "../core/controls.ts";
import { h } from "../core/dom.ts";
import { Guide } from "../core/guide.ts";
import { Layers } from "../core/layers.ts";
import { marks } from "../core/marks.ts";
import { animate } from "../core/motion.ts";
import { perform, type Scene, type Stage } from "../core/stage.ts";
import type { RenderContext } from "../core/types.ts";
import type { Details, Info, Values } from "./frame.ts";
import { Panels } from "./panels.ts";
import { PHASES } from "./phases.ts";
import { Charts } from "./picture/charts.ts";
import { Contestant } from "./picture/contestant.ts";
import { DataPath } from "./picture/datapath.ts";
import { summarize } from "./summary.ts";
import { Twins } from "./twins.ts";

/** Milliseconds in which the mesh of the noise is bent into the generator's. */
const BEND = 1200;

function render(context: RenderContext): () => void {
  const info = context.model.get("info") as Info;
  return perform<Values, Details>(context, "gan-arena", (stage) => play(stage, info));
}

function play(stage: Stage<Values>, info: Info): Scene<Values, Details> {
  const { words, root, ask, set } = stage;
  let details: Details | null = null;
  let bend = 1;
  const layers = (): readonly string[] => details?.layers ?? ["field", "real", "fake"];
  const path = new DataPath(words);
  const boxes = new Layers(words, info.layers, (names) => set("layers", names));
  boxes.show(layers());
  const contestants = { a: new Contestant(words, "a"), b: new Contestant(words, "b") };
  const charts = new Charts(words, stage.draw);
  const twins = new Twins(words, {
    branch: (action) => ask("branch", { action }),
    choose: (run) => set("chosen", run),
  });
  const panels = new Panels(words, info, stage.colors, {
    set,
    load: (text) => ask("load", { text }),
  });
  const bender = button(words.bend ?? "", "bend", () => {
    animate(BEND, (share) => {
      bend = share * share * (3 - 2 * share);
      stage.draw();
    });
  });
  return {
    guide: new Guide(words, info.guide, ask, ({ layers }) => {
      if (layers !== undefined) set("layers", layers);
    }),
    parts: info.parts,
    ...(info.parts.length === 2 && { slow: { phases: PHASES, show: (phase) => path.show(phase) } }),
    body: [
      path.element,
      h("div", { class: "sl-controls sl-show" }, boxes.element, bender, twins.element),
      h("div", { class: "sl-arena" }, contestants.a.element, contestants.b.element),
      marks(
        words,
        ["real", "fake", "says-real", "says-fake", "undecided"].map((kind) => [kind, kind]),
      ),
      charts.element,
      panels.element,
    ],
    keys: {
      d: () => ask("step", { parts: ["discriminator"] }),
      g: () => ask("step", { parts: ["generator"] }),
      b: () => ask("branch", { action: details?.branched === null ? "begin" : "drop" }),
      ...Object.fromEntries(info.layers.map((_, i) => [String(i + 1), () => boxes.toggle(i)])),
    },
    watching: ["metric", "bend", "share-copy"],
    draw(frame, colors, whole) {
      const { runs } = frame.values;
      for (const run of runs) contestants[run].draw(frame, layers(), colors, bend, whole);
      if (!whole) return;
      contestants.b.element.hidden = runs.length < 2;
      root.toggleAttribute("data-sl-twins", runs.length > 1);
      bender.hidden = !layers().includes("manifold");
      charts.draw(frame, colors);
      const chosen = details?.chosen ?? "a";
      path.draw(frame, runs.includes(chosen) ? chosen : "a", details?.runs[chosen] ?? {}, colors);
    },
    summary: (frame) => summarize(frame, words),
    label(summary) {
      for (const run of stage.frame.values.runs) {
        const label = `${words.arena}. ${summary} ${words.alt}`;
        contestants[run].plane.canvas.setAttribute("aria-label", label);
      }
    },
    status(present) {
      details = present;
      if (!stage.busy) boxes.show(details.layers); // an older status must not undo a click
      twins.show(details);
      panels.show(details);
    },
  };
}

export default { render };
