/** The row to compare with: what the meters say of samples whose worth is known. */

import { h } from "../../core/dom.ts";
import { numbers } from "../../core/frames.ts";
import { Meters } from "../../core/meters.ts";
import type { Palette } from "../../core/palette.ts";
import { Plane, triangles } from "../../core/plane.ts";
import type { Words } from "../../core/words.ts";
import { type Known, type LabFrame, real, windowOf } from "../frame.ts";
import { withModes } from "../summary.ts";

interface Entry {
  readonly name: HTMLElement;
  readonly why: HTMLElement;
  readonly plane: Plane;
  readonly meters: Meters;
}

export class References {
  readonly element: HTMLElement;
  private readonly entries: readonly Entry[];
  private readonly words: Words;

  constructor(words: Words) {
    this.words = words;
    this.entries = [0, 1].map(() => ({
      name: h("p", { class: "sl-name" }),
      why: h("p", { class: "sl-note" }),
      plane: new Plane(),
      meters: new Meters(words),
    }));
    this.element = h(
      "div",
      {
        class: "sl-place sl-references",
        role: "group",
        "data-sl-part": "references",
        "aria-label": words.references ?? "",
      },
      h("p", { class: "sl-heading" }, words.references ?? ""),
      ...this.entries.map(({ name, why, plane, meters }) =>
        h("div", { class: "sl-reference" }, name, plane.canvas, h("div", {}, meters.element, why)),
      ),
    );
  }

  draw(frame: LabFrame, colors: Palette): void {
    for (const [k, { name, why, plane, meters }] of this.entries.entries()) {
      const known = frame.values.references[k] as Known;
      name.textContent = this.words[`reference_${known.name}`] ?? "";
      why.textContent = this.words[`reference_${known.name}_why`] ?? "";
      meters.draw(known.modes);
      plane.draw(windowOf(frame), null, colors, (view) => {
        real(view, frame);
        triangles(view, numbers(frame, `${known.name}.points`));
      });
      const summary = withModes(this.words.reference_summary ?? "", this.words, known.modes, {
        name: name.textContent,
      });
      if (plane.canvas.getAttribute("aria-label") !== summary) {
        plane.canvas.setAttribute("aria-label", summary);
      }
    }
  }
}
