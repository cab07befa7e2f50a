/** The state of a run as a short text: shown, copied, and taken from elsewhere. */

import { button } from "./controls.ts";
import { h, uniqueId } from "./dom.ts";
import type { Words } from "./words.ts";

export class Share {
  readonly element: HTMLElement;
  private readonly text = h("textarea", {
    id: uniqueId(),
    rows: "2",
    dir: "ltr",
    spellcheck: "false",
    "data-sl-action": "share-text",
  });
  private readonly outcome = h("span", { role: "status", class: "sl-note" });
  private present = "";
  private typing = false; // the reader has a text of their own here, not loaded yet

  constructor(words: Words, load: (text: string) => void) {
    const copy = async (): Promise<void> => {
      this.text.select();
      // Without permission to write to the clipboard the text is selected, ready to be copied.
      await navigator.clipboard?.writeText(this.text.value).catch(() => undefined);
      this.outcome.textContent = words.share_copied ?? "";
    };
    this.element = h(
      "div",
      { class: "sl-share" },
      h("label", { for: this.text.id }, words.share_text ?? ""),
      this.text,
      h(
        "div",
        { class: "sl-controls" },
        button(words.share_copy ?? "", "share-copy", () => void copy()),
        button(words.share_load ?? "", "share-load", () => {
          this.typing = false;
          load(this.text.value.trim());
        }),
        this.outcome,
      ),
    );
    this.text.addEventListener("input", () => {
      this.typing = true;
      this.outcome.textContent = "";
    });
    // On the way to the button the text stays; whoever goes on with another control has given it
    // up. The notebook takes the focus by itself at times, even while the button is pressed.
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node) || this.element.contains(relatedTarget)) return;
      if (!this.element.closest(".sl-root")?.contains(relatedTarget)) return;
      this.typing = false;
      this.show(this.present);
    });
  }

  /** The present state, unless the reader is about to type another. */
  show(text: string): void {
    this.present = text;
    if (this.typing || document.activeElement === this.text || this.text.value === text) return;
    this.text.value = text;
    this.outcome.textContent = "";
  }
}
