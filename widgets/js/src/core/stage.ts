/** Stage of a live run: every view hears, draws, speaks and says what is wrong in the same way. */

import { Announcer, bindKeys } from "./a11y.ts";
import type { Connection, Listener } from "./connection.ts";
import { enable } from "./controls.ts";
import { h } from "./dom.ts";
import { decode, type Frame } from "./frames.ts";
import type { Guide } from "./guide.ts";
import { LiveView } from "./live.ts";
import { reduced } from "./motion.ts";
import { onThemeChange, type Palette, palette } from "./palette.ts";
import { type Actions, Playback } from "./playback.ts";
import { Replay } from "./replay.ts";
import { type Phase, SlowMotion } from "./slow_motion.ts";
import type { RenderContext, Status } from "./types.ts";
import type { Words } from "./words.ts";

/** What works without a kernel. */
const WATCHING = ["run", "pause", "step", "reset", "speed", "rewind", "guide-next", "guide-back"];
/** While it runs, all but the most important part of the picture follows at this pace. */
const CALM = 300;
/** What takes the focus itself when it is pressed. */
const CONTROLS = "button, select, summary, input, textarea, [tabindex='0']";

/** One widget's part. */
export interface Scene<Values, Details> {
  /** Its elements, below the controls of the time. */
  readonly body: readonly Node[];
  /** Pages beside the picture, above those controls; `n` and `p` turn them. */
  readonly guide?: Guide;
  /** Parts of the model that can step alone. */
  readonly parts?: readonly string[];
  /** A step in phases, each of which `show` lights. */
  readonly slow?: { readonly phases: readonly Phase[]; show(phase: Phase | null): void };
  /** Keys besides Space, ".", "r", "[" and "]". */
  readonly keys?: Readonly<Record<string, () => void>>;
  /** Controls besides those of the time and the guide that work without a kernel. */
  readonly watching?: readonly string[];
  /** Draws a frame; without `whole` only what has to move at once. */
  draw(frame: Frame<Values>, colors: Palette, whole: boolean): void;
  /** The frame in a sentence or two. */
  summary(frame: Frame<Values>): string;
  /** The summary was announced: pictures take it over as their label. */
  label(summary: string): void;
  /** What the kernel tells besides the picture, whenever it changes. */
  status?(details: Details): void;
}

/** What a widget's part may ask for. */
export interface Stage<Values> {
  readonly words: Words;
  /** The whole widget on the page. */
  readonly root: HTMLElement;
  readonly frame: Frame<Values>;
  ask(command: string, details?: Record<string, unknown>): void;
  set(name: string, value: unknown): void;
  colors(): Palette;
  draw(): void;
  /** Whether the kernel has not yet answered all that it was asked. */
  readonly busy: boolean;
}

/** Puts a widget on the page; returns how to take it away. */
export function perform<Values, Details>(
  { model, el }: RenderContext,
  name: string,
  make: (stage: Stage<Values>) => Scene<Values, Details>,
): () => void {
  const words = model.get("words") as Words;
  let frame: Frame<Values> = decode(model.get("keyframe") as DataView);
  let state: Status["state"] | "gone" = "paused";
  let done = frame.step; // the steps that the kernel has done; the picture may be behind
  let target: number | null = null; // the step that the reader is on the way to
  let slowly = false; // whether slow motion is chosen
  let colors: Palette | null = null; // read anew when the theme changes
  let drawn = Number.NEGATIVE_INFINITY; // when the whole picture was drawn last

  const root = h("section", {
    class: `sl-root sl-live sl-${name}`,
    "aria-label": words.title ?? "",
    lang: model.get("language") as string,
    dir: model.get("direction") as string,
    tabindex: "-1",
  });
  const ask = (command: string, details?: Record<string, unknown>): void =>
    connection.ask(command, details);
  const set = (name: string, value: unknown): void => ask("set", { name, value });
  const scene = make({
    words,
    root,
    get frame() {
      return frame;
    },
    ask,
    set,
    get busy() {
      return connection.busy;
    },
    colors: () => palette(root),
    draw: () => draw(),
  });
  const { guide, parts = [] } = scene;
  const slow = new SlowMotion(
    scene.slow?.phases ?? [],
    (part) => ask("step", { parts: [part] }),
    (phase) => {
      scene.slow?.show(phase);
      playback.showRunning(slow.playing || state === "running");
      if (phase === null) delete root.dataset.slPhase;
      else root.dataset.slPhase = phase.name;
    },
    reduced,
  );
  const actions: Actions & { by(steps: number): void } = {
    toggle: () => {
      if (slow.playing) slow.pause();
      else if (slowly) slow.play();
      else ask(state === "running" ? "pause" : "run");
    },
    step: (parts) => {
      if (slowly && parts === undefined) {
        slow.pause();
        slow.next();
      } else ask("step", parts && { parts });
    },
    reset: () => {
      slow.stop();
      ask("reset");
    },
    speed: (value) => {
      slowly = value === "slow";
      if (slowly) return ask("pause");
      slow.stop();
      set("speed", value);
    },
    rewind: (to) => {
      target = to;
      connection.askLatest("rewind", { to });
    },
    by: (steps) => actions.rewind(Math.max(0, (target ?? frame.step) + steps)),
  };
  const playback = new Playback(words, { parts, slow: scene.slow !== undefined }, actions);
  const announcer = new Announcer();
  const message = h("p", { class: "sl-message", role: "alert", dir: "auto" });
  if (guide !== undefined) root.append(guide.element);
  root.append(playback.element, message, ...scene.body, announcer.element);
  bindKeys(root, {
    " ": actions.toggle,
    ".": () => actions.step(),
    r: actions.reset,
    "[": () => actions.by(-1),
    "]": () => actions.by(1),
    n: () => guide?.turn(1),
    p: () => guide?.turn(-1),
    ...scene.keys,
  });
  // A click anywhere in the picture gives the keys to the widget.
  root.addEventListener("mousedown", ({ target: at }) => {
    if (at instanceof Element && root === at.closest(`${CONTROLS}, .sl-root`)) root.focus();
  });

  const draw = (): void => {
    colors ??= palette(root);
    const now = performance.now();
    const whole = state !== "running" || now - drawn > CALM;
    if (whole) drawn = now;
    scene.draw(frame, colors, whole);
    playback.showStep(frame.step);
    root.dataset.slFrame = String(frame.index);
    root.dataset.slStep = String(frame.step);
    settle();
    if (!whole) return;
    const summary = scene.summary(frame);
    if (announcer.say(summary, state !== "running")) scene.label(summary);
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
  const listener: Listener<Values, Details> = {
    frame: (next) => {
      frame = next;
      draw();
    },
    status: (status) => {
      state = status.state;
      done = status.step;
      root.dataset.slState = connection.recorded ? "recorded" : state;
      playback.show(status);
      if (slow.playing) playback.showRunning(true);
      scene.status?.(status.details);
      settle();
      if (status.message !== null) target = null;
      say(status.message ?? (connection.recorded ? (words.recorded ?? "") : ""));
      if (state === "failed") slow.stop();
    },
    waiting: (waiting) => {
      root.toggleAttribute("data-sl-waiting", waiting);
      if (waiting) say(words.waiting ?? "");
      else if (message.textContent === words.waiting) say("");
    },
    gone: (gone) => {
      state = gone ? "gone" : "paused";
      root.dataset.slState = state;
      slow.stop();
      enable(root, !gone);
      say(gone ? (words.gone ?? "") : "");
    },
  };
  const recording = model.get("recording") as DataView | undefined;
  const connection: Connection = recording?.byteLength
    ? new Replay(recording, listener)
    : new LiveView(model, root, listener);
  el.append(root);
  root.dataset.slState = connection.recorded ? "recorded" : state;
  if (connection.recorded) enable(root, false, [...WATCHING, ...(scene.watching ?? [])]);
  guide?.point();
  const resized = new ResizeObserver(draw); // it calls once at the start, too
  resized.observe(root);
  const stopTheme = onThemeChange(() => {
    colors = null;
    draw();
  });
  return () => {
    slow.stop();
    connection.destroy();
    resized.disconnect();
    stopTheme();
  };
}
