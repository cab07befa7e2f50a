import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen } from "../src/collapse_lab/cures.ts";
import type { LabFrame, Lane } from "../src/collapse_lab/frame.ts";
import { laneSummary, summarize } from "../src/collapse_lab/summary.ts";

const words = {
  cure_vanilla: "Vanilla GAN",
  summary: "Step {step}.",
  summary_lane: "{cure}, step {step}: {covered} of {modes}, {share} %, {kl}.",
  summary_broke: "{cure} broke down at step {step}.",
  undefined: "undefined",
};

const estimate = (value: number) => ({ value, low: value, high: value });

function lane(more: Partial<Lane> = {}): Lane {
  const modes = {
    total: 8,
    covered: estimate(6),
    quality: estimate(0.714),
    kl: estimate(0.0104),
    step: 20,
  };
  return { cure: "vanilla", step: 25, broken: null, modes, metrics: [], ...more };
}

test("a run is told with its three measures, always together", () => {
  assert.equal(laneSummary(lane(), words), "Vanilla GAN, step 25: 6 of 8, 71 %, 0.010.");
});

test("a divergence that is undefined is said to be so, and is not 0", () => {
  const modes = { total: 8, covered: estimate(0), quality: estimate(0), kl: null };
  assert.equal(
    laneSummary(lane({ modes }), words),
    "Vanilla GAN, step 25: 0 of 8, 0 %, undefined.",
  );
});

test("a run that broke down is told by the step that broke it", () => {
  const broken = lane({ cure: "other", modes: null, broken: 9, step: 9 });
  assert.equal(laneSummary(broken, words), "other broke down at step 9.");
});

test("the whole picture is told run by run, after the step", () => {
  const values = { lanes: [lane(), lane({ modes: null, broken: 9 })] };
  const frame = { step: 25, values } as unknown as LabFrame;
  assert.equal(
    summarize(frame, words),
    "Step 25. Vanilla GAN, step 25: 6 of 8, 71 %, 0.010. Vanilla GAN broke down at step 9.",
  );
});

test("a choice is made on top of those that the kernel has not answered", () => {
  assert.deepEqual(chosen([], undefined, "r1"), ["r1"]);
  // Two more in the empty place, one after the other: it still shows nothing.
  assert.deepEqual(chosen(chosen(["r1"], undefined, "pacgan"), undefined, "unrolled"), [
    "r1",
    "pacgan",
    "unrolled",
  ]);
  // Gone from a place that still shows what stood there before the last choice.
  assert.deepEqual(chosen(chosen(["a", "b", "c"], "a", ""), "b", ""), ["c"]);
  assert.deepEqual(chosen(["a", "b"], "a", "c"), ["c", "b"]);
});

test("what is there twice, or gone already, changes nothing", () => {
  assert.deepEqual(chosen(["a", "b"], undefined, "a"), ["a", "b"]);
  assert.deepEqual(chosen(["b"], "a", ""), ["b"]);
});
