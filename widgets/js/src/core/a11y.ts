/** What screen readers hear, and what the keyboard does. */

import { h } from "./dom.ts";
import type { Words } from "./words.ts";

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

/** The list of the keys, as `keys_list` has it: a key, a colon, what it does. */
export function keyList(words: Words): HTMLElement {
  const keys = (words.keys_list ?? "").split("\n").map((line) => {
    const [key, ...text] = line.split(": ");
    return h("li", {}, h("kbd", { dir: "ltr" }, key ?? ""), ` ${text.join(": ")}`);
  });
  return h("ul", { class: "sl-keys" }, ...keys);
}
