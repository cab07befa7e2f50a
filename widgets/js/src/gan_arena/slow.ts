/** Slow motion: a step of each network in five phases, each with its own sentence. */

export const PHASES = ["d1", "d2", "d3", "d4", "d5", "g1", "g2", "g3", "g4", "g5"] as const;
export type Phase = (typeof PHASES)[number];

/** Milliseconds that a phase lasts. */
export const PHASE = 1250;

/** The network that moves in a phase, if one does: then the kernel is asked for its step. */
export function mover(phase: Phase): "discriminator" | "generator" | null {
  return phase === "d5" ? "discriminator" : phase === "g5" ? "generator" : null;
}

/** The parts of the data path that a phase lights; those with a `<` are gone through backwards. */
export const LIT: Readonly<Record<Phase, readonly string[]>> = {
  d1: ["noise", "noise-generator", "generator", "generator-fake", "fake"],
  d2: ["real"],
  d3: ["real", "fake", "points-discriminator", "discriminator"],
  d4: ["discriminator", "discriminator-loss", "loss"],
  d5: ["loss", "discriminator-loss<", "discriminator"],
  g1: ["noise", "noise-generator", "generator", "generator-fake", "fake"],
  g2: ["fake", "points-discriminator", "discriminator"],
  g3: ["discriminator", "discriminator-loss", "loss"],
  g4: ["loss", "discriminator-loss<", "discriminator", "points-discriminator<", "fake"],
  g5: ["fake", "generator-fake<", "generator"],
};

export class SlowMotion {
  phase: Phase | null = null;
  playing = false;
  private waiting = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly ask: (part: string) => void;
  private readonly show: (phase: Phase | null) => void;
  private readonly calm: () => boolean;

  /** `calm` says whether nothing may move by itself: then every phase is asked for. */
  constructor(
    ask: (part: string) => void,
    show: (phase: Phase | null) => void,
    calm: () => boolean,
  ) {
    this.ask = ask;
    this.show = show;
    this.calm = calm;
  }

  play(): void {
    if (this.calm()) {
      this.next();
      return;
    }
    this.playing = true;
    this.next();
  }

  pause(): void {
    this.playing = false;
    clearTimeout(this.timer);
    this.show(this.phase);
  }

  /** Ends slow motion. */
  stop(): void {
    this.phase = null;
    this.waiting = false;
    this.pause();
  }

  /** Goes to the next phase, unless the kernel is still to answer in this one. */
  next(): void {
    clearTimeout(this.timer);
    if (this.waiting) return;
    const at = this.phase === null ? -1 : PHASES.indexOf(this.phase);
    const phase = PHASES[(at + 1) % PHASES.length] ?? "d1";
    this.phase = phase;
    this.show(phase);
    const part = mover(phase);
    if (part !== null) {
      this.waiting = true;
      this.ask(part);
    } else this.later();
  }

  /** The step that was asked for is on screen. */
  arrived(): void {
    if (!this.waiting) return;
    this.waiting = false;
    this.later();
  }

  private later(): void {
    if (this.playing) this.timer = setTimeout(() => this.next(), PHASE);
  }
}
