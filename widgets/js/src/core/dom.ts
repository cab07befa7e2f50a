/** Makes elements: `h("p", { class: "note" }, "text", child)`. */

type Attributes = Readonly<Record<string, string | boolean>>;

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

let made = 0;

/** A name that no other element of the page has. */
export function uniqueId(): string {
  made += 1;
  return `sl-${Math.random().toString(36).slice(2, 8)}-${made}`;
}
