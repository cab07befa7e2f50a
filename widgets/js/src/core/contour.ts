/** The line on which a field on a grid has a given level, by marching squares. */

/** Which edges of a cell the line crosses, by which corners lie above: bottom, right, top, left. */
const CROSSED: readonly (readonly number[])[] = [
  [],
  [3, 0],
  [0, 1],
  [3, 1],
  [1, 2],
  [3, 0, 1, 2],
  [0, 2],
  [3, 2],
  [2, 3],
  [2, 0],
  [0, 1, 2, 3],
  [2, 1],
  [1, 3],
  [1, 0],
  [0, 3],
  [],
];

/**
 * Segments `[x0, y0, x1, y1, ...]` in units of grid cells; row 0 of the field has y = 0.
 *
 * Source: Lorensen and Cline (1987), in two dimensions.
 */
export function contour(field: ArrayLike<number>, side: number, level: number): number[] {
  const segments: number[] = [];
  const at = (x: number, y: number): number => field[y * side + x] ?? 0;
  for (let y = 0; y < side - 1; y++) {
    for (let x = 0; x < side - 1; x++) {
      const [a, b, c, d] = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)];
      const above =
        Number(a > level) + 2 * Number(b > level) + 4 * Number(c > level) + 8 * Number(d > level);
      for (const edge of CROSSED[above] ?? []) {
        if (edge === 0) segments.push(x + (level - a) / (b - a), y);
        else if (edge === 1) segments.push(x + 1, y + (level - b) / (c - b));
        else if (edge === 2) segments.push(x + (level - d) / (c - d), y + 1);
        else segments.push(x, y + (level - a) / (d - a));
      }
    }
  }
  return segments;
}
