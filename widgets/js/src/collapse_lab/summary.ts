/** Summary of a frame, for screen readers. */

import type { Modes } from "../core/meters.ts";
import { fixed, format, type Words } from "../core/words.ts";
import type { LabFrame, Lane } from "./frame.ts";

/** A sentence with the three measures in it. */
export function withModes(
  sentence: string,
  words: Words,
  { covered, total, quality, kl }: Modes,
  more: Readonly<Record<string, string | number>>,
): string {
  return format(sentence, {
    ...more,
    covered: fixed(covered.value, 0),
    modes: total,
    share: fixed(100 * quality.value, 0),
    kl: kl === null ? (words.undefined ?? "") : fixed(kl.value, 3),
  });
}

/** "PacGAN, step 400: 8 of 8 modes, 71 % of points on a mode, mode KL 0.010." */
export function laneSummary({ cure, step, broken, modes }: Lane, words: Words): string {
  const name = words[`cure_${cure}`] ?? cure;
  if (modes === null)
    return format(words.summary_broke ?? "", { cure: name, step: broken ?? step });
  return withModes(words.summary_lane ?? "", words, modes, { cure: name, step });
}

/** The step, and every run. */
export function summarize(frame: LabFrame, words: Words): string {
  const lanes = frame.values.lanes.map((lane) => laneSummary(lane, words));
  return [format(words.summary ?? "", { step: frame.step }), ...lanes].join(" ");
}
