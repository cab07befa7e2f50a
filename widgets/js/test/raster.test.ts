import assert from "node:assert/strict";
import { test } from "node:test";
import {
  arrange,
  beside,
  corner,
  extent,
  images,
  levelsOf,
  paint,
  pixelAt,
  rgba,
  stroke,
} from "../src/core/pixels.ts";

const numbers = (n: number) => Uint8Array.from({ length: n }, (_, i) => i % 256);
const grey = images({ data: numbers(5 * 2 * 3), shape: [5, 2, 3] }, 17);
const colour = images({ data: numbers(2 * 3 * 2 * 2), shape: [2, 3, 2, 2] }, 256);

test("arrays of grey and of colour images are read, others are refused", () => {
  assert.deepEqual(
    [grey.count, grey.channels, grey.height, grey.width, grey.max],
    [5, 1, 2, 3, 16],
  );
  assert.equal(colour.channels, 3);
  for (const shape of [[24], [6, 4], [2, 2, 3, 2], [1, 1, 3, 2, 4]]) {
    assert.throws(() => images({ data: numbers(24), shape }, 256), /no grey or colour images/);
  }
});

test("pixels are whole, as large as they fit, and there are fewer columns where it is narrow", () => {
  // 4 images of 3 pixels with margins of 2 at both sides: 4 * (3 * pixel + 4) <= 100 => pixel = 7
  assert.deepEqual(arrange(grey, 100, 4, 2), { columns: 4, pixel: 7, margin: 2 });
  assert.deepEqual(extent(arrange(grey, 100, 4, 2), grey), [4 * 25, 2 * 18]);
  assert.deepEqual(arrange(grey, 100, 8, 2).columns, 5); // no more than there are
  assert.deepEqual(arrange(grey, 15, 8, 2), { columns: 2, pixel: 1, margin: 2 });
  assert.deepEqual(arrange(grey, 1, 8, 2), { columns: 1, pixel: 1, margin: 2 });
});

test("every pixel is found where it stands, and none between images", () => {
  const grid = arrange(grey, 100, 4, 2);
  for (let image = 0; image < grey.count; image++) {
    for (const [row, column] of [
      [0, 0],
      [1, 2],
    ] as const) {
      const [x, y] = corner(grid, grey, { image, row, column });
      for (const inside of [0, grid.pixel - 0.01]) {
        assert.deepEqual(pixelAt(grid, grey, x + inside, y + inside), { image, row, column });
      }
    }
  }
  for (const [x, y] of [
    [1, 5],
    [24, 5],
    [5, 17],
    [-1, 5],
    [5, -1],
    [101, 5],
    [30, 21],
    [5, 40],
  ]) {
    assert.equal(pixelAt(grid, grey, x as number, y as number), null); // the last two: no image
  }
});

test("arrows go from image to image and stay in the grid", () => {
  const grid = arrange(grey, 100, 4, 2); // four images and one below the first
  const from = { image: 0, row: 1, column: 2 };
  assert.deepEqual(beside(grid, grey, from, 1, 0), { image: 1, row: 1, column: 0 });
  assert.deepEqual(beside(grid, grey, from, 0, 1), { image: 4, row: 0, column: 2 });
  assert.deepEqual(beside(grid, grey, from, 0, -1), { image: 0, row: 0, column: 2 });
  const corners = [
    [{ image: 0, row: 0, column: 0 }, -1, 0],
    [{ image: 3, row: 0, column: 2 }, 1, 0],
    [{ image: 1, row: 1, column: 0 }, 0, 1], // nothing is below the second image
    [{ image: 4, row: 1, column: 0 }, 0, 1],
  ] as const;
  for (const [pixel, right, down] of corners) {
    assert.deepEqual(beside(grid, grey, pixel, right, down), pixel);
  }
});

test("levels are told by channel, and painted in all of them", () => {
  // The red, green and blue of an image of 2 x 2 pixels are 4 numbers apart; image 1 begins at 12.
  assert.deepEqual(levelsOf(colour, { image: 1, row: 1, column: 0 }), [14, 18, 22]);
  const copy = { ...colour, data: colour.data.slice() };
  paint(copy, [{ image: 1, row: 1, column: 0 }], 200);
  assert.deepEqual(levelsOf(copy, { image: 1, row: 1, column: 0 }), [200, 200, 200]);
  assert.equal(copy.data.filter((level, i) => level !== colour.data[i]).length, 3);
});

test("a stroke leaves no gap, and none leads from one image to another", () => {
  const at = (image: number, row: number, column: number) => ({ image, row, column });
  assert.deepEqual(stroke(at(0, 0, 0), at(0, 0, 0)), [at(0, 0, 0), at(0, 0, 0)]);
  assert.deepEqual(stroke(at(0, 0, 0), at(1, 3, 3)), [at(1, 3, 3)]);
  const line = stroke(at(0, 1, 6), at(0, 4, 0));
  assert.deepEqual([line[0], line.at(-1), line.length], [at(0, 1, 6), at(0, 4, 0), 7]);
  for (const [i, { row, column }] of line.entries()) {
    const before = line[i - 1];
    if (before === undefined) continue;
    assert.ok(Math.abs(row - before.row) <= 1 && Math.abs(column - before.column) <= 1);
  }
});

test("levels become grey from black to white, and colours keep their channels", () => {
  const bytes = rgba(images({ data: Uint8Array.from([0, 4, 8, 16]), shape: [1, 2, 2] }, 17));
  // 255 * 4 / 16 = 63.75 and 255 * 8 / 16 = 127.5, which a clamped array rounds to the even one
  assert.deepEqual(
    [...bytes].filter((_, i) => i % 4 === 0),
    [0, 64, 128, 255],
  );
  assert.deepEqual(
    [...bytes].filter((_, i) => i % 4 === 3),
    [255, 255, 255, 255],
  );
  assert.deepEqual([...rgba(colour).subarray(16, 20)], [12, 16, 20, 255]); // image 1, first pixel
});

test("64 images of 32 x 32 in colour take a small part of a thirtieth of a second", () => {
  const many = images({ data: numbers(64 * 3 * 32 * 32), shape: [64, 3, 32, 32] }, 256);
  const times = Array.from({ length: 30 }, () => {
    const start = performance.now();
    rgba(many);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  assert.ok((times[15] ?? 0) < 1000 / 30); // the median; the browser then copies 64 pictures
});
