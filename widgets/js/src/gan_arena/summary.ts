/** Summary of a frame, for screen readers. */

import { fixed, format, type Words } from "../core/words.ts";
import { type ArenaFrame, type RunName, valuesOf } from "./frame.ts";

/** "Step 400: 6 of 8 modes, 71 % of points on a mode."; of twins, one such sentence each. */
export function summarize(frame: ArenaFrame, words: Words): string {
  const { runs } = frame.values;
  const summaries = runs.map((run) => one(frame, run, words));
  if (runs.length === 1) return summaries[0] ?? "";
  return runs
    .map((run, i) =>
      format(words.of_run ?? "", { run: words[`run_${run}`] ?? run, summary: summaries[i] ?? "" }),
    )
    .join(" ");
}

function one(frame: ArenaFrame, run: RunName, words: Words): string {
  const { modes } = valuesOf(frame, run);
  if (modes === null) return format(words.summary ?? "", { step: frame.step });
  return format(words.summary_modes ?? "", {
    step: frame.step,
    covered: fixed(modes.covered.value, 0),
    modes: modes.total,
    share: fixed(100 * modes.quality.value, 0),
  });
}
