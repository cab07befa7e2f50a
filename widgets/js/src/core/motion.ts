/** Motion: as much of it as the reader wants. */

/** Reduced motion: the reader may ask for it, and change their mind, at any time. */
export function reduced(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Milliseconds between two paintings: every frame, or two a second when motion is to be calm. */
export function interval(): number {
  return reduced() ? 500 : 0;
}

/** Calls back with a share from 0 to 1 that grows over a time; at once with 1 when calm. */
export function animate(milliseconds: number, draw: (share: number) => void): void {
  const start = performance.now();
  const next = (): void => {
    const share = reduced() ? 1 : Math.min(1, (performance.now() - start) / milliseconds);
    draw(share);
    if (share < 1) requestAnimationFrame(next);
  };
  next();
}
