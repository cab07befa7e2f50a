/** Announcements for screen readers, and single keys. */

import { h } from "./dom.ts";
import { fill, type Words } from "./words.ts";

/** A live region that does not chatter: while things move it speaks at most every few seconds. */
export class Announcer {
  readonly element = h("p", { class: "sl-unseen", role: "status" });
  private readonly pause: number;
  private spoke = Number.NEGATIVE_INFINITY;

  constructor(pause = 5000) {
    this.pause = pause;
  }

  /** Says it, now or not at all. Returns whether it was said. */
  say(text: string, urgent: boolean): boolean {
    const now = performance.now();
    if (this.element.textContent === text) return false;
    if (!urgent && now - this.spoke < this.pause) return false;
    this.spoke = now;
    this.element.textContent = text;
    return true;
  }
}

/**
 * Binds single keys inside an element. A control that has the focus keeps the keys that it
 * needs itself: Space presses a focused button, letters choose in a list.
 */
export function bindKeys(root: HTMLElement, keys: Readonly<Record<string, () => void>>): void {
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab's own single-key shortcuts stay out
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("select, input, textarea")) return;
    if (event.key === " " && target?.closest("button, summary, a")) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}

/** Arrow keys as steps to the right and up. */
export const ARROWS: Readonly<Record<string, readonly [right: number, up: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/**
 * Gives an element the keys while it has the focus; `press` says whether it has used one. Notebook
 * 7 takes the arrow keys for itself before they would reach the element.
 */
export function grabKeys(
  element: HTMLElement,
  press: (key: string) => boolean,
  focused: () => void,
): void {
  const heard = (event: KeyboardEvent): void => {
    if (!element.isConnected) window.removeEventListener("keydown", heard, true);
    if (event.target !== element || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!press(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  element.addEventListener("focus", () => {
    window.addEventListener("keydown", heard, true);
    focused();
  });
  element.addEventListener("blur", () => {
    window.removeEventListener("keydown", heard, true);
    focused();
  });
}

/** A line that says what the pointer is on, and aloud what the keyboard is on. */
export class Readout {
  readonly element = h("p", { class: "sl-note sl-readout", "aria-live": "off" });

  say(sentence: string, values: Readonly<Record<string, number | string>>, aloud: boolean): void {
    this.element.setAttribute("aria-live", aloud ? "polite" : "off");
    fill(this.element, sentence, values);
  }

  clear(): void {
    this.element.replaceChildren();
  }
}

/** The list of the keys, as `keys_list` has it: a key, a colon, what it does. */
export function keyList(words: Words): HTMLElement {
  const keys = (words.keys_list ?? "").split("\n").map((line) => {
    const [key, ...text] = line.split(": ");
    return h("li", {}, h("kbd", { dir: "ltr" }, key ?? ""), ` ${text.join(": ")}`);
  });
  return h("ul", { class: "sl-keys" }, ...keys);
}
