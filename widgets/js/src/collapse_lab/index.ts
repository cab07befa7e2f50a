/** CollapseLab: the view of `synthlab_widgets.CollapseLab`. */

import { keyList } from "../core/a11y.ts";
import { foldable } from "../core/controls.ts";
import { h } from "../core/dom.ts";
import { Guide } from "../core/guide.ts";
import { marks } from "../core/marks.ts";
import { Settings } from "../core/settings.ts";
import { perform, type Scene, type Stage } from "../core/stage.ts";
import type { RenderContext } from "../core/types.ts";
import { counted, fill, fixed } from "../core/words.ts";
import { chosen } from "./cures.ts";
import type { Details, Info, Values } from "./frame.ts";
import { Charts, Style } from "./picture/charts.ts";
import { Panel } from "./picture/panel.ts";
import { References } from "./picture/references.ts";
import { laneSummary, summarize } from "./summary.ts";

function render(context: RenderContext): () => void {
  const info = context.model.get("info") as Info;
  return perform<Values, Details>(context, "collapse-lab", (stage) => compare(stage, info));
}

function compare(stage: Stage<Values>, info: Info): Scene<Values, Details> {
  const { words, set } = stage;
  let details: Details | null = null;
  let wanted: readonly string[] | null = null; // not yet answered by the kernel
  const settings = new Settings(words, info.fields, set);
  const time = h("p", { class: "sl-note", "data-sl-number": "time" });
  const places = Array.from({ length: info.most }, (_, place) => place);
  const styles = places.map((place) => new Style(place));
  const panels = places.map(
    (place) =>
      new Panel(words, info, place, styles[place] as Style, (cure) => {
        wanted = chosen(wanted ?? details?.cures.slice(1) ?? [], details?.cures[place], cure);
        set("cures", wanted);
      }),
  );
  const references = new References(words);
  const charts = new Charts(words, styles);
  const other = (name: string): void => {
    const options = info.fields.find((field) => field.name === name)?.options ?? [];
    const present = name === "clock" ? details?.clock : details?.settings[name];
    set(name, options[(options.indexOf(String(present)) + 1) % options.length]);
  };
  return {
    guide: new Guide(words, info.guide, stage.ask),
    body: [
      settings.element,
      time,
      h(
        "div",
        { "data-sl-part": "plane" },
        h("div", { class: "sl-places" }, ...panels.map(({ element }) => element)),
        references.element,
      ),
      marks(
        words,
        ["real", "fake", "lost"].map((kind) => [kind, kind]),
      ),
      charts.element,
      h("div", { class: "sl-panels" }, foldable(words.keys ?? "", "fold-keys", keyList(words))),
    ],
    keys: {
      w: () => other("noise"),
      s: () => other("source"),
      c: () => other("clock"),
    },
    draw(frame, colors, whole) {
      for (const panel of panels) panel.draw(frame, colors, whole);
      if (!whole) return;
      for (const style of styles) style.draw(colors);
      references.draw(frame, colors);
      charts.draw(frame, colors);
      time.hidden = frame.values.clock !== "time";
      const seconds = (frame.step * (details?.costs.vanilla ?? 0)) / 1e6;
      const sentence = counted(words, "clock_time_is", frame.step);
      fill(time, sentence, { n: frame.step, seconds: fixed(seconds, 1) });
    },
    summary: (frame) => summarize(frame, words),
    label() {
      for (const [place, lane] of stage.frame.values.lanes.entries()) {
        panels[place]?.label(`${laneSummary(lane, words)} ${words.alt}`);
      }
    },
    status(present) {
      const before = details;
      details = present;
      if (!stage.busy) wanted = null;
      settings.show({ ...present.settings, clock: present.clock });
      for (const panel of panels) panel.show(present);
      // a panel that was hidden had no width to draw in
      if (before?.cures.length !== present.cures.length) stage.draw();
    },
  };
}

export default { render };
