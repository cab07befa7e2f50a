/** How much the reader wants to move. */

const REDUCED = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Milliseconds between two paintings: every frame, or two a second when motion is to be calm. */
export function interval(): number {
  return REDUCED.matches ? 500 : 0;
}
