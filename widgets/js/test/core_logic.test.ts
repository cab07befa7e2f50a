import assert from "node:assert/strict";
import { test } from "node:test";
import { range, tabulate } from "../src/core/chart.ts";
import { Dots, MOST } from "../src/core/drawing.ts";
import { Painter } from "../src/core/flow.ts";
import { Pending } from "../src/core/pending.ts";
import { arrowLengths, density } from "../src/core/plane.ts";
import { nearest, open } from "../src/core/replay.ts";
import { counted } from "../src/core/words.ts";

test("a count chooses its form as gettext does", () => {
  const forms = ["zero", "one", "two", "few", "many", "other"];
  const words = { lang: "ar", ...Object.fromEntries(forms.map((form) => [`bins.${form}`, form])) };
  const said = [0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 0.5].map((n) => counted(words, "bins", n));
  assert.equal(said.join(" "), "zero one two few few many many other other few other");
  assert.deepEqual(
    [0, 1, 2].map((n) => counted({ ...words, lang: "en" }, "bins", n)),
    ["other", "one", "other"],
  );
});

test("answers add up: one to a later command answers those before it", () => {
  const pending = new Pending();
  const [first, second] = [pending.next(), pending.next()];
  assert.ok(pending.busy);
  assert.equal(pending.heard(first), false);
  assert.equal(pending.heard(second), true);
  assert.equal(pending.heard(first), true); // a late one changes nothing
  assert.equal(pending.busy, false);
});

test("of several requests that wait the newest is made, once nothing is under way", () => {
  const pending = new Pending();
  const made: string[] = [];
  const number = pending.next();
  pending.later = () => made.push("old");
  pending.later = () => made.push("new");
  pending.heard(number - 1);
  assert.deepEqual(made, []);
  pending.heard(number);
  assert.deepEqual(made, ["new"]);
  pending.heard(number);
  assert.deepEqual(made, ["new"]);
});

test("a dead kernel answers nothing any more", () => {
  const pending = new Pending();
  pending.next();
  pending.later = () => assert.fail();
  pending.forget();
  assert.equal(pending.heard(0), true);
});

test("the newest frame is painted, and the kernel hears of every second one", () => {
  const painted: number[] = [];
  const told: number[] = [];
  let due: (() => void) | null = null;
  const browser = globalThis as { requestAnimationFrame?: unknown };
  browser.requestAnimationFrame = (callback: () => void) => {
    due = callback;
    return 1;
  };
  const painter = new Painter<{ index: number }>(
    ({ index }) => painted.push(index),
    (index) => told.push(index),
    () => 0,
  );
  const come = (...indices: number[]): void => {
    for (const index of indices) painter.receive({ index });
    due?.();
    due = null;
  };
  for (const index of [7, 8, 9, 10]) come(index);
  assert.deepEqual(painted, [7, 8, 9, 10]);
  assert.deepEqual(told, [7, 9]);
  come(11, 12); // they meet between two paintings, and 10 was not told of either
  assert.deepEqual(painted.slice(4), [12]);
  assert.deepEqual(told, [7, 9, 12]);
  come(14); // 13 was lost
  come(14); // the last one again
  come(0); // another run's frames begin again
  assert.deepEqual(told, [7, 9, 12, 14, 14, 0]);
});

/** A recording by hand, at an odd offset in its buffer. */
function recording(frames: number[][], steps: number[]): DataView {
  const lengths = frames.map((frame) => frame.length);
  const json = JSON.stringify({ steps, lengths, status: frames.map(() => ({})) });
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8));
  const padded = frames.map((frame) => [...frame, ...Array(-frame.length & 7).fill(0)]);
  const bytes = new Uint8Array([
    9,
    ...[..."SLR1"].map((c) => c.charCodeAt(0)),
    0,
    0,
    0,
    0,
    ...text,
    ...padded.flat(),
  ]);
  new DataView(bytes.buffer).setUint32(5, text.length, true);
  return new DataView(bytes.buffer, 1);
}

test("a recording gives back its frames, whatever their lengths", () => {
  const { header, frames } = open(
    recording([[1, 2, 3], [4], [5, 6, 7, 8, 9, 10, 11, 12, 13]], [0, 20, 40]),
  );
  assert.deepEqual(header.steps, [0, 20, 40]);
  assert.deepEqual(
    frames.map((frame) => [...new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength)]),
    [[1, 2, 3], [4], [5, 6, 7, 8, 9, 10, 11, 12, 13]],
  );
  assert.throws(() => open(new DataView(new ArrayBuffer(16))), /not a recording/);
});

test("the nearest frame is the last one at or before a step", () => {
  assert.deepEqual(
    [0, 19, 20, 39, 99].map((step) => nearest([0, 20, 40], step)),
    [0, 0, 1, 1, 2],
  );
});

test("a table has at most ten rows of a series, the last among them, and gaps stay gaps", () => {
  const long = Float32Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? i / 2 + 1 : i));
  const rows = tabulate([long, [40, 5]]);
  assert.equal(rows.length, 10);
  assert.deepEqual(rows.at(-1), [40, 79, 5]);
  assert.deepEqual(rows[0], [4, 7, undefined]);
  assert.deepEqual(tabulate([[], []]), []);
});

test("an axis has air, and a place to be before there are values", () => {
  assert.deepEqual(range([]), [0, 2]);
  const [low, high] = range([1, 3]);
  assert.ok(low < 1 && high > 3 && high - low < 2.5);
  assert.ok(range([2, 2])[1] > range([2, 2])[0]);
});

test("arrows keep their order and stay readable", () => {
  const rows = [1, 100, 0.01, 1].flatMap((size) => [0, 0, size, 0]);
  const [a, b, c] = arrowLengths(rows) as [number, number, number];
  assert.equal(a, 18); // the median
  assert.equal(b, 54); // the longest there are
  assert.ok(c > 0 && c < a);
  assert.deepEqual(arrowLengths([0, 0, 0, 0]), [0]);
});

test("smaller cells of the sheet are darker, within bounds", () => {
  const darkness = [0, 10, 100, 10_000].map(density);
  assert.deepEqual(
    [...darkness].sort((x, y) => y - x),
    darkness,
  );
  assert.ok(darkness.every((alpha) => alpha > 0 && alpha <= 0.6));
});

test("a drawing takes dots inside the square, apart along a stroke, and not too many", () => {
  const dots = new Dots();
  assert.ok(dots.add([0, 0]));
  assert.ok(!dots.add([0, 2.6]));
  assert.ok(!dots.stroke([0.05, 0]));
  assert.ok(dots.stroke([0.2, 0]));
  for (let i = 0; i < MOST; i++) dots.add([1, 1]);
  assert.equal(dots.all.length, MOST);
});
