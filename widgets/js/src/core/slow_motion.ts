/** Slow motion: a step in phases, each with its own sentence. */

export interface Phase {
  readonly name: string;
  /** Parts of the picture that are lit; those with a `<` are gone through backwards. */
  readonly lit: readonly string[];
  /** The part of the model that moves, if one does: then the kernel is asked for its step. */
  readonly moves?: string;
}

/** Milliseconds that a phase lasts. */
const PHASE = 1250;

export class SlowMotion {
  phase: Phase | null = null;
  playing = false;
  private waiting = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly phases: readonly Phase[];
  private readonly ask: (part: string) => void;
  private readonly show: (phase: Phase | null) => void;
  private readonly calm: () => boolean;

  /** `calm` says whether nothing may move by itself: then every phase is asked for. */
  constructor(
    phases: readonly Phase[],
    ask: (part: string) => void,
    show: (phase: Phase | null) => void,
    calm: () => boolean,
  ) {
    [this.phases, this.ask, this.show, this.calm] = [phases, ask, show, calm];
  }

  play(): void {
    this.playing = !this.calm();
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
    const at = this.phase === null ? -1 : this.phases.indexOf(this.phase);
    const phase = this.phases[(at + 1) % this.phases.length] ?? null;
    this.phase = phase;
    this.show(phase);
    if (phase?.moves !== undefined) {
      this.waiting = true;
      this.ask(phase.moves);
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
