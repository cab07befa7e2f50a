/** The buttons, the speed and the step counter. */

import { h, uniqueId } from "../core/dom.ts";
import type { Status } from "../core/types.ts";
import { fill, type Words } from "../core/words.ts";

export interface Actions {
  toggle(): void;
  step(parts?: readonly string[]): void;
  reset(): void;
  speed(stepsPerSecond: number): void;
}

/** Steps in a second; 0 is as fast as the machine can. */
const SPEEDS = [10, 100, 0];

export class Controls {
  readonly element: HTMLElement;
  private readonly run: HTMLButtonElement;
  private readonly speed = h("select", { id: uniqueId() });
  private readonly count = h("p", { class: "sl-count" });
  private readonly words: Words;

  constructor(words: Words, parts: readonly string[], actions: Actions) {
    this.words = words;
    this.run = button(words.run ?? "", "run", actions.toggle);
    for (const speed of SPEEDS) {
      this.speed.append(h("option", { value: String(speed) }, words[`speed_${speed}`] ?? ""));
    }
    this.speed.value = "0";
    this.speed.addEventListener("change", () => actions.speed(Number(this.speed.value)));
    this.element = h(
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
      h(
        "span",
        { class: "sl-speed" },
        h("label", { for: this.speed.id }, words.speed ?? ""),
        this.speed,
      ),
      this.count,
    );
  }

  show(status: Status): void {
    const running = status.state === "running";
    this.run.dataset.slAction = running ? "pause" : "run";
    this.run.textContent = (running ? this.words.pause : this.words.run) ?? "";
    if (document.activeElement !== this.speed) this.speed.value = String(status.speed);
  }

  showStep(step: number): void {
    fill(this.count, this.words.step_count ?? "", { step });
  }

  enable(enabled: boolean): void {
    for (const control of this.element.querySelectorAll("button, select")) {
      control.toggleAttribute("disabled", !enabled);
    }
  }
}

function button(
  text: string,
  action: string,
  act: () => void,
  more: Readonly<Record<string, string>> = {},
): HTMLButtonElement {
  const element = h("button", { type: "button", "data-sl-action": action, ...more }, text);
  element.addEventListener("click", act);
  return element;
}
