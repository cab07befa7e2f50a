/** GanArena: the view of `synthlab_widgets.GanArena`. */

import { Announcer, bindKeys } from "../core/a11y.ts";
import { h } from "../core/dom.ts";
import { decode } from "../core/frames.ts";
import { LiveView } from "../core/live.ts";
import { onThemeChange, palette } from "../core/palette.ts";
import type { RenderContext, Status } from "../core/types.ts";
import { fixed, format, type Words } from "../core/words.ts";
import { Arena } from "./arena.ts";
import { Controls } from "./controls.ts";
import type { ArenaFrame, Info, Values } from "./frame.ts";
import { Losses } from "./losses.ts";
import { Meters } from "./meters.ts";

function render({ model, el }: RenderContext): () => void {
  const words = model.get("words") as Words;
  const info = model.get("info") as Info;
  let frame: ArenaFrame = decode<Values>(model.get("keyframe") as DataView);
  let state: Status["state"] | "gone" = "paused";
  let done = frame.step; // the steps that the kernel has done; the picture may be behind

  const actions = {
    toggle: () => live.ask(state === "running" ? "pause" : "run"),
    step: (parts?: readonly string[]) => live.ask("step", parts ? { parts } : {}),
    reset: () => live.ask("reset"),
    speed: (value: number) => live.ask("set", { name: "speed", value }),
  };
  const controls = new Controls(words, info.parts, actions);
  const arena = new Arena(info, words);
  const meters = new Meters(words);
  const losses = new Losses(words);
  const announcer = new Announcer();
  const message = h("p", { class: "sl-message", role: "alert", dir: "auto" });
  const root = h(
    "section",
    {
      class: "sl-root sl-gan-arena",
      "aria-label": words.title ?? "",
      lang: model.get("language") as string,
      dir: model.get("direction") as string,
      tabindex: "-1",
    },
    controls.element,
    message,
    h(
      "div",
      { class: "sl-panels" },
      arena.element,
      h("div", { class: "sl-side" }, ...(info.modes ? [meters.element] : []), losses.element),
    ),
    h("p", { class: "sl-keys" }, words.keys ?? ""),
    announcer.element,
  );
  bindKeys(root, { " ": actions.toggle, ".": () => actions.step(), r: actions.reset });
  // A click anywhere in the picture gives the keys to the widget.
  root.addEventListener("mousedown", (event) => {
    if ((event.target as Element).closest("button, select, summary") === null) root.focus();
  });

  const draw = (): void => {
    const colors = palette(root);
    arena.draw(frame, colors);
    losses.draw(frame, colors);
    if (frame.values.modes) meters.draw(frame.values.modes);
    controls.showStep(frame.step);
    root.dataset.slFrame = String(frame.index);
    root.dataset.slStep = String(frame.step);
    settle();
    const summary = summarize(frame, words);
    if (announcer.say(summary, state !== "running")) {
      arena.canvas.setAttribute("aria-label", `${words.arena}. ${summary} ${words.alt}`);
      losses.canvas.setAttribute("aria-label", `${words.losses}. ${words.alt_losses}`);
    }
  };
  // Nothing is under way any more: the picture shows the last step there is.
  const settle = (): void => {
    root.toggleAttribute("data-sl-settled", state !== "running" && frame.step === done);
  };
  const say = (text: string): void => {
    if (message.textContent !== text) message.textContent = text;
  };
  const live = new LiveView<Values>(model, root, {
    frame(next) {
      frame = next;
      draw();
    },
    status(status) {
      state = status.state;
      done = status.step;
      settle();
      root.dataset.slState = state;
      controls.show(status);
      say(status.message ?? "");
    },
    waiting(waiting) {
      root.toggleAttribute("data-sl-waiting", waiting);
      if (waiting) say(words.waiting ?? "");
      else if (message.textContent === words.waiting) say("");
    },
    gone(gone) {
      state = gone ? "gone" : "paused";
      root.dataset.slState = state;
      controls.enable(!gone);
      say(gone ? (words.gone ?? "") : "");
    },
  });

  el.append(root);
  root.dataset.slState = state;
  const resized = new ResizeObserver(draw); // it calls once at the start, too
  resized.observe(arena.element);
  const stopTheme = onThemeChange(draw);
  return () => {
    live.destroy();
    resized.disconnect();
    stopTheme();
  };
}

function summarize(frame: ArenaFrame, words: Words): string {
  const { modes } = frame.values;
  if (modes === null) return format(words.summary ?? "", { step: frame.step });
  return format(words.summary_modes ?? "", {
    step: frame.step,
    covered: fixed(modes.covered.value, 0),
    modes: modes.total,
    share: fixed(100 * modes.quality.value, 0),
  });
}

export default { render };
