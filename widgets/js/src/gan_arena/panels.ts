/** Panels below the picture: settings, a drawing, the state as text, the keys. */

import { keyList } from "../core/a11y.ts";
import { choice, foldable, labelled } from "../core/controls.ts";
import { h } from "../core/dom.ts";
import { Drawing } from "../core/drawing.ts";
import type { Palette } from "../core/palette.ts";
import { Settings } from "../core/settings.ts";
import { Share } from "../core/share.ts";
import type { Words } from "../core/words.ts";
import type { Details, Info } from "./frame.ts";

export interface Requests {
  set(name: string, value: unknown): void;
  load(text: string): void;
}

export class Panels {
  readonly element: HTMLElement;
  private readonly settings: Settings;
  private readonly share: Share;
  private readonly of = h("p", { class: "sl-note" });
  private readonly words: Words;

  constructor(words: Words, info: Info, colors: () => Palette, requests: Requests) {
    this.words = words;
    this.settings = new Settings(words, info.fields, requests.set);
    this.share = new Share(words, requests.load);
    const drawing = new Drawing(words, colors, (dots) => requests.set("drawing", dots));
    const preset = choice(
      "preset",
      [
        ["", ""],
        ...info.presets.map(({ name }) => [name, words[`preset_${name}`] ?? name] as const),
      ],
      (name) => {
        const found = info.presets.find((one) => one.name === name);
        if (found !== undefined) requests.load(found.text);
      },
    );
    const canvas = foldable(words.draw ?? "", "fold-draw", drawing.element);
    canvas.addEventListener("toggle", () => drawing.draw());
    this.element = h(
      "div",
      { class: "sl-panels" },
      foldable(
        words.settings ?? "",
        "fold-settings",
        labelled(words.preset ?? "", preset),
        this.of,
        this.settings.element,
      ),
      canvas,
      foldable(words.share ?? "", "fold-share", this.share.element),
      foldable(words.keys ?? "", "fold-keys", keyList(words)),
    );
  }

  show(details: Details): void {
    this.settings.show(details.runs[details.chosen] ?? {});
    this.share.show(details.text);
    const twins = details.branched !== null;
    this.of.textContent = twins ? (this.words[`settings_${details.chosen}`] ?? "") : "";
  }
}
