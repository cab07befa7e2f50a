/** Run and pause, steps, reset, speed, and the slider of the time. */

import { button, choice, labelled } from "./controls.ts";
import { h, uniqueId } from "./dom.ts";
import type { Status } from "./types.ts";
import { fill, format, type Words } from "./words.ts";

export interface Actions {
  toggle(): void;
  step(parts?: readonly string[]): void;
  reset(): void;
  /** Steps in a second, 0 for as many as there can be, or "slow" for slow motion. */
  speed(value: number | "slow"): void;
  rewind(to: number): void;
}

const SPEEDS = ["10", "100", "0"];

export class Playback {
  readonly element: HTMLElement;
  private readonly run: HTMLButtonElement;
  private readonly speed: HTMLSelectElement;
  private readonly slider: HTMLInputElement;
  private readonly count = h("p", { class: "sl-count" });
  private readonly words: Words;

  constructor(
    words: Words,
    { parts = [], slow = false }: { parts?: readonly string[]; slow?: boolean },
    actions: Actions,
  ) {
    this.words = words;
    this.run = button(words.run ?? "", "run", actions.toggle);
    const speeds = slow ? ["slow", ...SPEEDS] : SPEEDS;
    this.speed = choice(
      "speed",
      speeds.map((speed) => [speed, words[`speed_${speed}`] ?? speed]),
      (value) => actions.speed(value === "slow" ? value : Number(value)),
    );
    this.speed.value = "0";
    this.slider = h("input", {
      id: uniqueId(),
      type: "range",
      min: "0",
      max: "0",
      dir: "ltr",
      "data-sl-action": "rewind",
    });
    this.slider.addEventListener("input", () => actions.rewind(Number(this.slider.value)));
    this.element = h(
      "div",
      { class: "sl-playback", "data-sl-part": "timeline" },
      h(
        "div",
        { class: "sl-controls" },
        this.run,
        button(words.step ?? "", "step", () => actions.step()),
        ...parts.map((part) =>
          button(words[`step_${part}`] ?? part, `step-${part}`, () => actions.step([part]), {
            title: words[`step_${part}_alone`] ?? "",
          }),
        ),
        button(words.reset ?? "", "reset", actions.reset),
        labelled(words.speed ?? "", this.speed),
        this.count,
      ),
      h(
        "div",
        { class: "sl-time" },
        h("label", { for: this.slider.id }, words.timeline ?? ""),
        this.slider,
      ),
    );
  }

  show(status: Status): void {
    const running = status.state === "running";
    this.run.dataset.slAction = running ? "pause" : "run";
    this.run.textContent = (running ? this.words.pause : this.words.run) ?? "";
    if (this.speed.value !== "slow") this.speed.value = String(status.speed);
    this.slider.max = String(status.end);
  }

  /** Slow motion runs in the browser, so the kernel's status does not tell of it. */
  showRunning(running: boolean): void {
    this.run.dataset.slAction = running ? "pause" : "run";
    this.run.textContent = (running ? this.words.pause : this.words.run) ?? "";
  }

  showStep(step: number): void {
    fill(this.count, this.words.step_count ?? "", { step });
    if (Number(this.slider.max) < step) this.slider.max = String(step);
    this.slider.value = String(step);
    this.slider.setAttribute("aria-valuetext", format(this.words.step_count ?? "", { step }));
  }
}
