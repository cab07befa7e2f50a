/** Legend of the marks in a picture. */

import { h } from "./dom.ts";
import type { Words } from "./words.ts";

/** A legend: pairs of a mark (a class of the style sheet) and the kind of thing it stands for. */
export function marks(
  words: Words,
  kinds: readonly (readonly [mark: string, kind: string])[],
): HTMLElement {
  return h(
    "ul",
    { class: "sl-legend sl-marks" },
    ...kinds.map(([mark, kind]) =>
      h(
        "li",
        {},
        h("span", { class: `sl-mark sl-mark-${mark}`, "aria-hidden": "true" }),
        words[`mark_${kind}`] ?? kind,
      ),
    ),
  );
}
