/** What views of a live run do alike: they hear, draw, speak, and say what is wrong. */

import { Announcer, bindKeys } from "./a11y.ts";
import { enable } from "./controls.ts";
import { h } from "./dom.ts";
import { decode, type Frame } from "./frames.ts";
import { connect, type Link } from "./link.ts";
import { onThemeChange, type Palette, palette } from "./palette.ts";
import { type Actions, Playback } from "./playback.ts";
import type { RenderContext, Status } from "./types.ts";
import type { Words } from "./words.ts";

/** What works without a kernel. */
const WATCHING = ["run", "pause", "step", "reset", "speed", "rewind"];
/** While it runs, all but the most important part of the picture follows at this pace. */
const CALM = 300;

/** One widget's part. */
export interface Scene<Values, Details> {
  /** Its elements, below the controls of the time. */
  readonly body: readonly Node[];
  /** Elements above those controls. */
  readonly head?: readonly Node[];
  /** Keys besides Space, ".", "r", "[" and "]". */
  readonly keys?: Readonly<Record<string, () => void>>;
  /** Controls besides those of the time that work without a kernel. */
  readonly watching?: readonly string[];
  /** Draws a frame; without `whole` only what has to move at once. */
  draw(frame: Frame<Values>, colors: Palette, whole: boolean): void;
  /** The frame in a sentence or two. */
  summary(frame: Frame<Values>): string;
  /** The summary was said: pictures take it over as their label. */
  said(summary: string): void;
  /** What the kernel tells besides the picture, whenever it changes. */
  status?(details: Details): void;
}

/** What a widget's part may ask for. */
export interface Stage<Values> {
  readonly words: Words;
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
  let colors: Palette | null = null; // read anew when the theme changes
  let drawn = Number.NEGATIVE_INFINITY; // when the whole picture was drawn last

  const ask = (command: string, details?: Record<string, unknown>): void =>
    link.ask(command, details);
  const set = (name: string, value: unknown): void => ask("set", { name, value });
  const actions: Actions & { by(steps: number): void } = {
    toggle: () => ask(state === "running" ? "pause" : "run"),
    step: () => ask("step"),
    reset: () => ask("reset"),
    speed: (value) => set("speed", value),
    rewind: (to) => {
      target = to;
      link.askLatest("rewind", { to });
    },
    by: (steps) => actions.rewind(Math.max(0, (target ?? frame.step) + steps)),
  };
  const playback = new Playback(words, {}, actions);
  const announcer = new Announcer();
  const message = h("p", { class: "sl-message", role: "alert", dir: "auto" });
  const scene = make({
    words,
    get frame() {
      return frame;
    },
    ask,
    set,
    get busy() {
      return link?.busy ?? false;
    },
    colors: () => palette(root),
    draw: () => draw(),
  });
  const root = h(
    "section",
    {
      class: `sl-root sl-live sl-${name}`,
      "aria-label": words.title ?? "",
      lang: model.get("language") as string,
      dir: model.get("direction") as string,
      tabindex: "-1",
    },
    ...(scene.head ?? []),
    playback.element,
    message,
    ...scene.body,
    announcer.element,
  );
  bindKeys(root, {
    " ": actions.toggle,
    ".": actions.step,
    r: actions.reset,
    "[": () => actions.by(-1),
    "]": () => actions.by(1),
    ...scene.keys,
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
    if (announcer.say(summary, state !== "running")) scene.said(summary);
  };
  // Nothing is under way any more: the picture shows the last step there is.
  const settle = (): void => {
    const settled = state !== "running" && frame.step === done;
    root.toggleAttribute("data-sl-settled", settled);
    if (settled && frame.step === target) target = null;
  };
  const say = (text: string): void => {
    if (message.textContent !== text) message.textContent = text;
  };
  const link: Link = connect<Values, Details>(model, root, {
    frame: (next) => {
      frame = next;
      draw();
    },
    status: (status) => {
      state = status.state;
      done = status.step;
      root.dataset.slState = link?.recorded ? "recorded" : state;
      playback.show(status);
      scene.status?.(status.details);
      settle();
      if (status.message !== null) target = null;
      say(status.message ?? (link.recorded ? (words.recorded ?? "") : ""));
    },
    waiting: (waiting) => {
      root.toggleAttribute("data-sl-waiting", waiting);
      if (waiting) say(words.waiting ?? "");
      else if (message.textContent === words.waiting) say("");
    },
    gone: (gone) => {
      state = gone ? "gone" : "paused";
      root.dataset.slState = state;
      enable(root, !gone);
      say(gone ? (words.gone ?? "") : "");
    },
  });
  el.append(root);
  root.dataset.slState = link.recorded ? "recorded" : state;
  if (link.recorded) enable(root, false, [...WATCHING, ...(scene.watching ?? [])]);
  const resized = new ResizeObserver(draw); // it calls once at the start, too
  resized.observe(root);
  const stopTheme = onThemeChange(() => {
    colors = null;
    draw();
  });
  return () => {
    link.destroy();
    resized.disconnect();
    stopTheme();
  };
}
