/** Guide: pages of prose beside a picture; a page may light a part of it and offer to do something. */

import { button } from "./controls.ts";
import { h } from "./dom.ts";
import { fill, type Words } from "./words.ts";

export interface Command {
  readonly command: string;
  readonly [detail: string]: unknown;
}

/** As `synthlab.guide` tells it. */
export interface Page {
  readonly title: string;
  readonly text: readonly string[];
  readonly layers?: readonly string[];
  readonly light?: string;
  readonly act?: readonly Command[];
}

export class Guide {
  readonly element: HTMLElement;
  private readonly body = h("div", { class: "sl-page", "aria-live": "polite" });
  private readonly place = h("span", { class: "sl-note" });
  private readonly back: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private readonly act: HTMLButtonElement;
  private readonly words: Words;
  private readonly pages: readonly Page[];
  private readonly turned: (page: Page) => void;
  private at = 0;

  /** `turned` is called with every page but the first. */
  constructor(
    words: Words,
    pages: readonly Page[],
    ask: (command: string, details: Record<string, unknown>) => void,
    turned: (page: Page) => void = () => undefined,
  ) {
    [this.words, this.pages, this.turned] = [words, pages, turned];
    this.back = button(words.guide_back ?? "", "guide-back", () => this.turn(-1));
    this.next = button(words.guide_next ?? "", "guide-next", () => this.turn(1));
    this.act = button(words.guide_act ?? "", "guide-act", () => {
      for (const { command, ...details } of this.page?.act ?? []) ask(command, details);
    });
    this.element = h(
      "section",
      { class: "sl-guide", "aria-label": words.guide ?? "", hidden: pages.length === 0 },
      this.body,
      h("div", { class: "sl-controls" }, this.back, this.next, this.act, this.place),
    );
    this.show();
  }

  private get page(): Page | undefined {
    return this.pages[this.at];
  }

  turn(by: number): void {
    const to = this.at + by;
    if (to < 0 || to >= this.pages.length) return;
    this.at = to;
    this.show();
    this.point();
    if (this.page !== undefined) this.turned(this.page);
  }

  /** Points at the part of the picture that the page is about, or at none. */
  point(): void {
    const parts = this.element.closest(".sl-root")?.querySelectorAll<HTMLElement>("[data-sl-part]");
    for (const part of parts ?? []) {
      part.classList.toggle("sl-pointed", part.dataset.slPart === this.page?.light);
    }
  }

  private show(): void {
    const page = this.page;
    if (page === undefined) return;
    this.body.replaceChildren(
      h("p", { class: "sl-heading" }, page.title),
      ...page.text.map((paragraph) => h("p", {}, ...inline(paragraph))),
    );
    this.back.disabled = this.at === 0;
    this.next.disabled = this.at === this.pages.length - 1;
    this.act.hidden = (page.act ?? []).length === 0;
    fill(this.place, this.words.guide_place ?? "", { page: this.at + 1, pages: this.pages.length });
  }
}

/** A paragraph's text with its `code` and its *emphasis*. */
export function inline(text: string): (Node | string)[] {
  return text
    .split(/(`[^`]+`|\*[^*]+\*)/)
    .map((part) =>
      part.startsWith("`") && part.length > 1
        ? h("code", { dir: "ltr" }, part.slice(1, -1))
        : part.startsWith("*") && part.length > 1
          ? h("em", {}, part.slice(1, -1))
          : part,
    );
}
