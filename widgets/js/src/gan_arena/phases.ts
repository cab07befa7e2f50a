/** Phases of slow motion: a step of D in five, then one of G. */

import type { Phase } from "../core/slow_motion.ts";

const FAKES = ["noise", "noise-generator", "generator", "generator-fake", "fake"];
const LOSS = ["discriminator", "discriminator-loss", "loss"];
const BACK = ["loss", "discriminator-loss<", "discriminator"];

export const PHASES: readonly Phase[] = [
  { name: "d1", lit: FAKES },
  { name: "d2", lit: ["real"] },
  { name: "d3", lit: ["real", "fake", "points-discriminator", "discriminator"] },
  { name: "d4", lit: LOSS },
  { name: "d5", lit: BACK, moves: "discriminator" },
  { name: "g1", lit: FAKES },
  { name: "g2", lit: ["fake", "points-discriminator", "discriminator"] },
  { name: "g3", lit: LOSS },
  { name: "g4", lit: [...BACK, "points-discriminator<", "fake"] },
  { name: "g5", lit: ["fake", "generator-fake<", "generator"], moves: "generator" },
];
