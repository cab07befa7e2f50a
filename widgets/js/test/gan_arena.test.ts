import assert from "node:assert/strict";
import { test } from "node:test";
import { SlowMotion } from "../src/core/slow_motion.ts";
import { PHASES } from "../src/gan_arena/phases.ts";

function slow(calm = true) {
  const asked: string[] = [];
  const shown: (string | undefined)[] = [];
  const motion = new SlowMotion(
    PHASES,
    (part) => asked.push(part),
    (phase) => shown.push(phase?.name),
    () => calm,
  );
  return { motion, asked, shown };
}

test("the phases follow each other, and two of them ask for a step", () => {
  const { motion, asked, shown } = slow();
  for (const _ of PHASES) {
    motion.play();
    motion.arrived();
  }
  assert.deepEqual(
    shown,
    PHASES.map(({ name }) => name),
  );
  assert.deepEqual(asked, ["discriminator", "generator"]);
  motion.play();
  assert.equal(motion.phase?.name, "d1");
});

test("a phase that waits for the kernel is not left before it answers", () => {
  const { motion } = slow();
  for (let i = 0; i < 5; i++) motion.next();
  assert.equal(motion.phase?.name, "d5");
  motion.next();
  assert.equal(motion.phase?.name, "d5");
  motion.arrived();
  motion.next();
  assert.equal(motion.phase?.name, "g1");
});

test("with motion it goes on by itself until it is paused", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { motion } = slow(false);
  motion.play();
  assert.equal(motion.phase?.name, "d1");
  t.mock.timers.tick(1250);
  assert.equal(motion.phase?.name, "d2");
  motion.pause();
  t.mock.timers.tick(5000);
  assert.equal(motion.phase?.name, "d2");
  motion.stop();
  assert.equal(motion.phase, null);
});

test("a network moves where its gradient has arrived, and only backwards edges are dashed", () => {
  for (const { lit, moves } of PHASES) {
    if (moves === undefined) continue;
    assert.ok(lit.includes(moves));
    assert.ok(lit.some((name) => name.endsWith("<")));
  }
  const lit = (phase: string) => PHASES.find(({ name }) => name === phase)?.lit ?? [];
  assert.ok(lit("g4").includes("points-discriminator<")); // through D, not into it
  assert.ok(!lit("d5").includes("generator"));
});
