/** Pointing figure: a canvas whose cells the pointer and the keyboard go over, with its title. */

import { grabKeys, Readout } from "./a11y.ts";
import { h } from "./dom.ts";

export abstract class Pointing<Place> {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  protected readonly readout = new Readout();
  private readonly title = h("strong");

  /** `id` tells several figures of a widget apart in tests. */
  constructor(kind: string, id: string) {
    const role = { role: "application", tabindex: "0" };
    this.canvas = h("canvas", { class: `sl-${kind}`, ...role });
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => this.report(null, false));
    grabKeys(
      this.canvas,
      (key) => this.press(key),
      () => {
        this.redraw();
        this.report(null, false);
      },
    );
    this.element = h(
      "figure",
      { class: "sl-figure", [`data-sl-${kind}`]: id },
      h("figcaption", {}, this.title),
      this.canvas,
      this.readout.element,
    );
  }

  protected name(title: string): void {
    if (this.title.textContent !== title) this.title.textContent = title;
  }

  protected abstract redraw(): void;
  /** The pointer is on another place. */
  protected abstract hover(event: PointerEvent): void;
  /** A key was pressed; whether it was one of the figure's. */
  protected abstract press(key: string): boolean;
  /** Says which place is pointed at, if one is; aloud for the keyboard. */
  protected abstract report(place: Place | null, aloud: boolean): void;
}
