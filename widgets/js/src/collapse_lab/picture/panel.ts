/** One place of the comparison: a run with its points and meters, or room for another cure. */

import { choice } from "../../core/controls.ts";
import { h } from "../../core/dom.ts";
import { numbers } from "../../core/frames.ts";
import { Meters } from "../../core/meters.ts";
import type { Palette } from "../../core/palette.ts";
import { crosses, Plane, triangles } from "../../core/plane.ts";
import { fill, fixed, format, type Words } from "../../core/words.ts";
import { type Details, type Info, type LabFrame, real, windowOf } from "../frame.ts";
import type { Style } from "./charts.ts";

export class Panel {
  readonly element: HTMLElement;
  private readonly plane = new Plane();
  private readonly meters: Meters;
  private readonly chooser: HTMLSelectElement | null;
  private readonly body: HTMLElement;
  private readonly step = h("span", {});
  private readonly cost = h("p", { class: "sl-note", "data-sl-number": "cost" });
  private readonly paper = h("p", { class: "sl-note sl-paper" });
  private readonly trouble = h("p", { class: "sl-broke", role: "status" });
  private readonly words: Words;
  private readonly info: Info;
  private readonly place: number;

  /** `choose` is called with the id of another cure for this place, or with nothing for none. */
  constructor(
    words: Words,
    info: Info,
    place: number,
    style: Style,
    choose: (cure: string) => void,
  ) {
    [this.words, this.info, this.place] = [words, info, place];
    this.meters = new Meters(words);
    this.chooser = place === 0 ? null : this.makeChooser(choose);
    const title = h("p", { class: "sl-heading" });
    if (this.chooser === null) title.append(words.cure_vanilla ?? "");
    else title.append(this.chooser);
    this.body = h(
      "div",
      { class: "sl-lane" },
      h("p", { class: "sl-at" }, style.sample(), this.step),
      this.plane.canvas,
      this.trouble,
      this.meters.element,
      this.cost,
    );
    this.element = h(
      "div",
      { class: "sl-place", role: "group", "data-sl-place": String(place) },
      title,
      this.paper,
      this.body,
    );
  }

  private makeChooser(choose: (cure: string) => void): HTMLSelectElement {
    const { words, info, place } = this;
    const [, ...cures] = info.cures; // vanilla has a place of its own
    const options = cures.map(({ id }) => [id, words[`cure_${id}`] ?? id] as const);
    const chooser = choice(`cure-${place}`, [["", ""], ...options], choose);
    chooser.setAttribute("aria-label", format(words.choose ?? "", { place: place + 1 }));
    return chooser;
  }

  /** What the kernel says of this place; the first that is empty offers to be filled. */
  show({ cures, costs }: Details): void {
    const cure = cures[this.place];
    this.element.hidden = this.place > cures.length;
    this.element.classList.toggle("sl-empty", cure === undefined);
    this.body.hidden = cure === undefined;
    if (this.chooser !== null) {
      for (const option of this.chooser.options) {
        if (option.value === "") {
          option.textContent = (cure === undefined ? this.words.add : this.words.none) ?? "";
        } else option.disabled = option.value !== cure && cures.includes(option.value);
      }
      this.chooser.value = cure ?? "";
    }
    const paper = this.info.cures.find(({ id }) => id === cure)?.paper;
    this.paper.hidden = paper === undefined;
    fill(this.paper, this.words.paper ?? "", { paper: paper ?? "" });
    this.element.setAttribute("aria-label", this.words[`cure_${cure}`] ?? this.words.add ?? "");
    if (cure === undefined) return;
    const [own, vanilla] = [costs[cure] ?? 0, costs.vanilla ?? 1];
    const sentence = this.place === 0 ? this.words.cost : this.words.cost_of;
    fill(this.cost, sentence ?? "", { ms: fixed(own / 1000, 2), times: fixed(own / vanilla, 2) });
  }

  /** Without `whole` only the points are drawn. */
  draw(frame: LabFrame, colors: Palette, whole: boolean): void {
    const lane = frame.values.lanes[this.place];
    if (lane === undefined) return;
    this.plane.draw(windowOf(frame), null, colors, (view) => {
      real(view, frame);
      triangles(view, numbers(frame, `${this.place}.fake`));
      crosses(view, numbers(frame, `${this.place}.lost`));
    });
    fill(this.step, this.words.lane_step ?? "", { step: lane.step });
    if (!whole) return;
    this.meters.element.hidden = lane.modes === null;
    if (lane.modes !== null) this.meters.draw(lane.modes);
    const broke = lane.broken === null ? "" : format(this.words.broke ?? "", { step: lane.broken });
    const uncounted = lane.modes === null ? ` ${this.words.not_counted ?? ""}` : "";
    if (this.trouble.textContent !== broke + uncounted) {
      this.trouble.textContent = broke + uncounted;
    }
  }

  /** What a screen reader hears of the picture. */
  label(text: string): void {
    this.plane.canvas.setAttribute("aria-label", text);
  }
}
