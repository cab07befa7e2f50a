import assert from "node:assert/strict";
import { test } from "node:test";
import { scale, ticks } from "../src/core/canvas.ts";
import { contour } from "../src/core/contour.ts";
import { decode, numbers } from "../src/core/frames.ts";
import { fixed, format } from "../src/core/words.ts";

/** A message by hand, at an odd offset in its buffer, as it may arrive. */
function message(header: object, body: Uint8Array): DataView {
  const text = JSON.stringify(header);
  const padded = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const bytes = new Uint8Array(3 + 8 + padded.length + body.length);
  const view = new DataView(bytes.buffer, 3);
  bytes.set(new TextEncoder().encode("SLF1"), 3);
  view.setUint32(4, padded.length, true);
  bytes.set(padded, 11);
  bytes.set(body, 11 + padded.length);
  return view;
}

test("a frame is decoded wherever it lies in its buffer", () => {
  const body = new Uint8Array(32);
  const bytes = new DataView(body.buffer);
  bytes.setFloat32(0, 1.5, true);
  bytes.setFloat32(4, -2, true);
  body.set([7, 255], 8);
  bytes.setUint16(16, 40_000, true);
  bytes.setInt32(24, -70_000, true);
  const arrays = [
    ["x", "f4", [1, 2], 0],
    ["field", "u1", [2], 8],
    ["tokens", "u2", [1], 16],
    ["labels", "i4", [1], 24],
  ];
  const frame = decode(message({ index: 3, step: 40, values: { modes: null }, arrays }, body));
  assert.equal(frame.index, 3);
  assert.equal(frame.step, 40);
  assert.deepEqual(frame.values, { modes: null });
  assert.deepEqual([...numbers(frame, "x")], [1.5, -2]);
  assert.deepEqual(frame.arrays.get("x")?.shape, [1, 2]);
  assert.deepEqual([...numbers(frame, "field")], [7, 255]);
  assert.deepEqual([...numbers(frame, "tokens"), ...numbers(frame, "labels")], [40_000, -70_000]);
  assert.throws(() => numbers(frame, "y"), /no array y/);
});

test("another message is refused", () => {
  assert.throws(() => decode(new DataView(new ArrayBuffer(16))), /not a keyframe/);
  assert.throws(() => decode(new DataView(new ArrayBuffer(2))), /not a keyframe/);
});

test("sentences are filled, and a field without a value stays visible", () => {
  assert.equal(format("{a} of {b}, {a}", { a: 1, b: "two" }), "1 of two, 1");
  assert.equal(format("{a} of {b}", { a: 0 }), "0 of {b}");
});

test("numbers have their digits and no negative zero", () => {
  assert.equal(fixed(0.12345, 3), "0.123");
  assert.equal(fixed(-0.0001, 3), "0.000");
  assert.equal(fixed(-0.002, 3), "-0.002");
});

test("a scale maps the ends of its interval, and a point without width", () => {
  const x = scale(-2, 2, 10, 50);
  assert.deepEqual([x(-2), x(0), x(2)], [10, 30, 50]);
  assert.ok(Number.isFinite(scale(1, 1, 0, 10)(1)));
});

test("ticks are round, inside, and not too many", () => {
  assert.deepEqual(ticks(-2.4, 2.4, 6), [-2, -1, 0, 1, 2]);
  assert.deepEqual(ticks(0, 1000, 5), [0, 200, 400, 600, 800, 1000]);
  assert.deepEqual(ticks(0.61, 0.69, 4), [0.62, 0.64, 0.66, 0.68]);
  assert.deepEqual(ticks(3, 3, 5), [3]);
});

test("a contour of a plane is the straight line where it has the level", () => {
  const side = 6;
  // f(x, y) = x: the level 2.5 is the line x = 2.5, one segment a row of cells.
  const field = Float32Array.from({ length: side * side }, (_, i) => i % side);
  const lines = contour(field, side, 2.5);
  assert.equal(lines.length, 4 * (side - 1));
  for (let i = 0; i < lines.length; i += 2) assert.equal(lines[i], 2.5);
});

test("a contour around a peak is closed and lies on the level", () => {
  const side = 21;
  const height = (x: number, y: number) => 10 - Math.hypot(x - 10, y - 10);
  const field = Float32Array.from({ length: side * side }, (_, i) =>
    height(i % side, Math.floor(i / side)),
  );
  const lines = contour(field, side, 4);
  const ends = new Map<string, number>();
  for (let i = 0; i < lines.length; i += 2) {
    const [x, y] = [lines[i] ?? 0, lines[i + 1] ?? 0];
    // The distance to the peak is convex: between grid points it errs by less than 1/8 of its
    // second difference, which is at most 1/6 at a radius of 6.
    assert.ok(Math.abs(height(x, y) - 4) < 1 / 48 + 1e-6);
    const key = `${x.toFixed(4)},${y.toFixed(4)}`;
    ends.set(key, (ends.get(key) ?? 0) + 1);
  }
  assert.ok([...ends.values()].every((count) => count === 2)); // every end meets another
});

test("a saddle is cut into two lines", () => {
  assert.equal(contour([1, 0, 0, 1], 2, 0.5).length, 8);
});

test("between letters that read from the right, what reads from the left is isolated", () => {
  const between = "من {low} إلى {high}";
  assert.equal(format(between, { low: -2000, high: 3 }), "من \u2066-2000\u2069 إلى 3");
  assert.equal(format(between, { low: "(0, 1]", high: "ص" }), "من \u2066(0, 1]\u2069 إلى ص");
  assert.equal(format("from {low} to {high}", { low: -2000, high: 3 }), "from -2000 to 3");
});
