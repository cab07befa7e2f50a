/** GanArena: the view of `synthlab_widgets.GanArena`. */

import { Announcer, bindKeys } from "../core/a11y.ts";
import { button, enable } from "../core/controls.ts";
import { h } from "../core/dom.ts";
import { decode } from "../core/frames.ts";
import { Guide } from "../core/guide.ts";
import { Layers } from "../core/layers.ts";
import { connect } from "../core/link.ts";
import { animate, reduced } from "../core/motion.ts";
import { onThemeChange, type Palette, palette } from "../core/palette.ts";
import { Playback } from "../core/playback.ts";
import type { RenderContext, Status } from "../core/types.ts";
import type { Words } from "../core/words.ts";
import { Charts } from "./charts.ts";
import { Contestant } from "./contestant.ts";
import { DataPath } from "./datapath.ts";
import type { ArenaFrame, Details, Info, RunName, Values } from "./frame.ts";
import { Panels } from "./panels.ts";
import { summarize } from "./said.ts";
import { SlowMotion } from "./slow.ts";
import { Twins } from "./twins.ts";

/** What works without a kernel: a recorded run can be watched and its parts opened. */
const WATCHING = [
  "run",
  "pause",
  "step",
  "reset",
  "speed",
  "rewind",
  "metric",
  "bend",
  "guide-next",
  "guide-back",
  "share-copy",
];
/** While it runs, charts and meters follow at this pace: the plane gets the rest of the time. */
const CALM = 300;
/** Milliseconds in which the mesh of the noise is bent into the generator's. */
const BEND = 1200;

function render({ model, el }: RenderContext): () => void {
  const words = model.get("words") as Words;
  const info = model.get("info") as Info;
  let frame: ArenaFrame = decode<Values>(model.get("keyframe") as DataView);
  let details: Details | null = null;
  let state: Status["state"] | "gone" = "paused";
  let done = frame.step; // the steps that the kernel has done; the picture may be behind
  let bend = 1;
  let colors: Palette | null = null; // read anew when the theme changes
  let drawn = 0; // when the whole picture was drawn last
  let target: number | null = null; // the step that the reader is on the way to

  const layers = (): readonly string[] => details?.layers ?? ["field", "real", "fake"];
  const set = (name: string, value: unknown): void => link.ask("set", { name, value });
  const slow = new SlowMotion(
    (part) => link.ask("step", { parts: [part] }),
    (phase) => {
      path.show(phase);
      playback.showRunning(slow.playing || state === "running");
      if (phase === null) delete root.dataset.slPhase;
      else root.dataset.slPhase = phase;
    },
    reduced,
  );
  let slowly = false;
  const actions = {
    toggle: () => {
      if (slow.playing) slow.pause();
      else if (slowly) slow.play();
      else link.ask(state === "running" ? "pause" : "run");
    },
    step: (parts?: readonly string[]) => {
      if (slowly && parts === undefined) {
        slow.pause();
        slow.next();
      } else link.ask("step", parts ? { parts } : {});
    },
    reset: () => {
      slow.stop();
      link.ask("reset");
    },
    speed: (value: number | "slow") => {
      slowly = value === "slow";
      if (slowly) link.ask("pause");
      else {
        slow.stop();
        set("speed", value);
      }
    },
    rewind: (to: number) => {
      target = to;
      link.askLatest("rewind", { to });
    },
    by: (steps: number) => actions.rewind(Math.max(0, (target ?? frame.step) + steps)),
  };

  const playback = new Playback(
    words,
    { parts: info.parts, slow: info.parts.length === 2 },
    actions,
  );
  const path = new DataPath(words);
  const shown = new Layers(words, info.layers, (names) => set("layers", names));
  const contestants = { a: new Contestant(words, "a"), b: new Contestant(words, "b") };
  const charts = new Charts(words, () => draw());
  const twins = new Twins(words, {
    branch: (action) => link.ask("branch", { action }),
    choose: (run: RunName) => set("chosen", run),
  });
  const panels = new Panels(words, info, () => palette(root), {
    set,
    load: (text) => link.ask("load", { text }),
  });
  const guide = new Guide(
    words,
    info.guide,
    (page) => {
      light(page.light ?? "");
      if (page.layers !== undefined) set("layers", page.layers);
    },
    (commands) => {
      for (const { command, ...rest } of commands) link.ask(command, rest);
    },
  );
  const bender = button(words.bend ?? "", "bend", () => {
    animate(BEND, (share) => {
      bend = share * share * (3 - 2 * share);
      draw();
    });
  });
  const announcer = new Announcer();
  const message = h("p", { class: "sl-message", role: "alert", dir: "auto" });
  const root = h(
    "section",
    {
      class: "sl-root sl-live sl-gan-arena",
      "aria-label": words.title ?? "",
      lang: model.get("language") as string,
      dir: model.get("direction") as string,
      tabindex: "-1",
    },
    guide.element,
    playback.element,
    message,
    path.element,
    h("div", { class: "sl-controls sl-show" }, shown.element, bender, twins.element),
    h("div", { class: "sl-arena" }, contestants.a.element, contestants.b.element),
    h(
      "ul",
      { class: "sl-legend sl-marks" },
      ...["real", "fake", "says-real", "says-fake", "undecided"].map((kind) =>
        h(
          "li",
          {},
          h("span", { class: `sl-mark sl-mark-${kind}`, "aria-hidden": "true" }),
          words[`mark_${kind}`] ?? kind,
        ),
      ),
    ),
    charts.element,
    panels.element,
    announcer.element,
  );
  const light = (part: string): void => {
    for (const one of root.querySelectorAll<HTMLElement>("[data-sl-part]")) {
      one.classList.toggle("sl-pointed", one.dataset.slPart === part);
    }
  };
  bindKeys(root, {
    " ": actions.toggle,
    ".": () => actions.step(),
    d: () => actions.step(["discriminator"]),
    g: () => actions.step(["generator"]),
    r: actions.reset,
    "[": () => actions.by(-1),
    "]": () => actions.by(1),
    b: () => link.ask("branch", { action: details?.branched === null ? "begin" : "drop" }),
    n: () => guide.turn(1),
    p: () => guide.turn(-1),
    ...Object.fromEntries(info.layers.map((_, i) => [String(i + 1), () => shown.toggle(i)])),
  });
  // A click anywhere in the picture gives the keys to the widget.
  root.addEventListener("mousedown", (event) => {
    const inside = (event.target as Element).closest("button, select, summary, input, textarea");
    if (inside === null && !(event.target as Element).closest(".sl-drawing")) root.focus();
  });

  const draw = (): void => {
    colors ??= palette(root);
    const { runs } = frame.values;
    const now = performance.now();
    const whole = state !== "running" || now - drawn > CALM;
    for (const run of runs) contestants[run].draw(frame, layers(), colors, bend, whole);
    playback.showStep(frame.step);
    root.dataset.slFrame = String(frame.index);
    root.dataset.slStep = String(frame.step);
    if (whole) {
      drawn = now;
      drawRest(colors, runs);
    }
    settle();
  };
  const drawRest = (colors: Palette, runs: readonly RunName[]): void => {
    contestants.b.element.hidden = runs.length < 2;
    root.toggleAttribute("data-sl-twins", runs.length > 1);
    bender.hidden = !layers().includes("manifold");
    charts.draw(frame, colors);
    const chosen = details?.chosen ?? "a";
    path.draw(frame, runs.includes(chosen) ? chosen : "a", details?.runs[chosen] ?? {}, colors);
    const summary = summarize(frame, words);
    if (announcer.say(summary, state !== "running")) {
      for (const run of runs) {
        const label = `${words.arena}. ${summary} ${words.alt}`;
        contestants[run].plane.canvas.setAttribute("aria-label", label);
      }
    }
  };
  // Nothing is under way any more: the picture shows the last step there is.
  const settle = (): void => {
    const settled = state !== "running" && frame.step === done;
    root.toggleAttribute("data-sl-settled", settled);
    if (!settled) return;
    slow.arrived();
    if (frame.step === target) target = null;
  };
  const say = (text: string): void => {
    if (message.textContent !== text) message.textContent = text;
  };
  const link = connect<Values, Details>(model, root, {
    frame(next) {
      frame = next;
      draw();
    },
    status(status) {
      state = status.state;
      done = status.step;
      details = status.details;
      root.dataset.slState = link?.recorded ? "recorded" : state;
      playback.show(status);
      if (slow.playing) playback.showRunning(true);
      if (link?.busy !== true) shown.show(details.layers); // an older status must not undo a click
      twins.show(details);
      panels.show(details);
      settle();
      if (status.message !== null) target = null;
      say(status.message ?? (link.recorded ? (words.recorded ?? "") : ""));
      if (state === "failed") slow.stop();
    },
    waiting(waiting) {
      root.toggleAttribute("data-sl-waiting", waiting);
      if (waiting) say(words.waiting ?? "");
      else if (message.textContent === words.waiting) say("");
    },
    gone(gone) {
      state = gone ? "gone" : "paused";
      root.dataset.slState = state;
      slow.stop();
      enable(root, !gone);
      say(gone ? (words.gone ?? "") : "");
    },
  });

  el.append(root);
  root.dataset.slState = link.recorded ? "recorded" : state;
  if (link.recorded) enable(root, false, WATCHING);
  light(guide.page?.light ?? "");
  shown.show(layers());
  const resized = new ResizeObserver(draw); // it calls once at the start, too
  resized.observe(root);
  const stopTheme = onThemeChange(() => {
    colors = null;
    draw();
  });
  return () => {
    slow.stop();
    link.destroy();
    resized.disconnect();
    stopTheme();
  };
}

export default { render };
