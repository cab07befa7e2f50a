/** A live region of the page: it speaks when the sidebar is closed too. */

import type { Store } from "./store.ts";

export function speaker(store: Store): HTMLElement {
  const region = document.createElement("div");
  region.id = "synthlab-said";
  region.className = "sl-unseen";
  region.setAttribute("role", "status");
  store.subscribe(() => {
    const { said, course } = store.state;
    if (region.textContent === said) return;
    region.lang = course?.language ?? "";
    region.dir = course?.direction ?? "auto";
    region.textContent = said;
  });
  return region;
}
