import assert from "node:assert/strict";
import { test } from "node:test";
import { borders, cellAt, extremes, layout, shade } from "../src/core/cells.ts";
import { cellText, changed } from "../src/core/table.ts";

const tokens = [..."سلام"];
const matrix = { data: new Float32Array(16), rows: tokens, columns: tokens };

test("cells share a length in whole pixels, none more than one pixel larger than another", () => {
  assert.deepEqual(borders(4, 10, 50), [10, 20, 30, 40, 50]);
  const edges = borders(7, 3, 103);
  const sizes = edges.slice(1).map((edge, i) => edge - (edges[i] ?? 0));
  assert.equal(Math.max(...sizes) - Math.min(...sizes), 1);
  assert.deepEqual([edges[0], edges.at(-1)], [3, 103]);
});

test("cells are square, fit beside their labels, and are found where they stand", () => {
  for (const [across, ratio] of [
    [120, 1],
    [300, 1.5],
    [900, 3],
  ] as const) {
    const grid = layout(matrix, { row: 20, column: 9 }, across, ratio);
    assert.ok((grid.x.at(-1) ?? 0) <= across);
    const [width, height] = [
      (grid.x[1] ?? 0) - (grid.x[0] ?? 0),
      (grid.y[1] ?? 0) - (grid.y[0] ?? 0),
    ];
    assert.ok(Math.abs(width - height) <= 1); // rounded borders
    for (const row of [0, 3]) {
      for (const column of [0, 3]) {
        const [x, y] = [grid.x[column] ?? 0, grid.y[row] ?? 0];
        assert.deepEqual(cellAt(grid, x, y), [row, column]);
        assert.deepEqual(cellAt(grid, x + width - 1.5, y + height - 1.5), [row, column]);
      }
    }
    assert.equal(cellAt(grid, (grid.x[0] ?? 0) - 1, grid.y[0] ?? 0), null);
    assert.equal(cellAt(grid, grid.x.at(-1) ?? 0, grid.y[0] ?? 0), null);
  }
});

test("long labels stand upright, and of many only some are written", () => {
  assert.equal(layout(matrix, { row: 9, column: 9 }, 400, 1).upright, false);
  assert.equal(layout(matrix, { row: 80, column: 80 }, 400, 1).upright, true);
  assert.equal(layout(matrix, { row: 9, column: 9 }, 400, 1).every, 1);
  const names = Array.from({ length: 64 }, String);
  const many = layout({ data: [], rows: names, columns: names }, { row: 14, column: 14 }, 400, 1);
  // (400 - 14 - 5 - 2) / 64 = 5.9 pixels a cell, 13.2 for a label
  assert.equal(many.every, 3);
});

test("colours go one way from the least to the most, and what is beyond them stops there", () => {
  const scale = [
    [255, 255, 255],
    [0, 114, 178],
  ] as const;
  const range = [-1, 1] as const;
  assert.equal(shade(-1, range, scale), "rgb(255 255 255)");
  assert.equal(shade(0, range, scale), "rgb(128 185 217)"); // halfway, rounded
  assert.equal(shade(9, range, scale), "rgb(0 114 178)");
  assert.equal(shade(2, [2, 2], scale), "rgb(255 255 255)"); // all the same
  assert.deepEqual(extremes([3, Number.NaN, -2, Number.NEGATIVE_INFINITY]), [-2, 3]);
  assert.deepEqual(extremes([Number.NaN]), [0, 1]);
});

test("a cell says its number with its digits, and what is not there as a dash", () => {
  const column = { name: "x", kind: "number" } as const;
  assert.equal(cellText(-1.25, { ...column, digits: 1 }), "\u22121.3");
  assert.equal(cellText(3, column), "3");
  assert.equal(cellText(undefined, column), "\u2013");
  assert.equal(cellText(Number.NaN, column), "\u2013");
  assert.equal(cellText("A-1", { name: "ward", kind: "text" }), "A-1");
});

test("a cell has changed when it was another before, and a row that is new has not", () => {
  const [before, rows] = [
    [[1, "a", Number.NaN]],
    [
      [1, "b", Number.NaN],
      [2, "c", 0],
    ],
  ];
  const marks = rows.map((row, r) => row.map((_, c) => changed(before, rows, r, c)));
  assert.deepEqual(marks, [
    [false, true, false],
    [false, false, false],
  ]);
});
