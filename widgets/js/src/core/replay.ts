/** Replay of a recorded run; `synthlab_widgets/recording.py` tells how it is packed. */

import type { Connection, Listener } from "./connection.ts";
import { decode, type Frame } from "./frames.ts";
import { interval } from "./motion.ts";

interface Header<Details> {
  readonly steps: readonly number[];
  readonly lengths: readonly number[];
  readonly status: readonly Details[];
}

const MAGIC = 0x31524c53; // "SLR1", read as a little-endian number
/** Milliseconds from one recorded frame to the next. */
const PACE = 80;

/** The header of a recording and its frames, still packed. */
export function open<Details>(data: DataView): { header: Header<Details>; frames: DataView[] } {
  if (data.byteLength < 8 || data.getUint32(0, true) !== MAGIC) {
    throw new Error("not a recording: it does not start with SLR1");
  }
  const length = data.getUint32(4, true);
  const text = new Uint8Array(data.buffer, data.byteOffset + 8, length);
  const header = JSON.parse(new TextDecoder().decode(text)) as Header<Details>;
  let at = 8 + length;
  const frames = header.lengths.map((size) => {
    const frame = new DataView(data.buffer, data.byteOffset + at, size);
    at += Math.ceil(size / 8) * 8;
    return frame;
  });
  return { header, frames };
}

/** The last frame at or before a step. */
export function nearest(steps: readonly number[], step: number): number {
  let found = 0;
  for (const [i, at] of steps.entries()) if (at <= step) found = i;
  return found;
}

export class Replay<Values, Details> implements Connection {
  readonly recorded = true;
  readonly busy = false;
  private readonly header: Header<Details>;
  private readonly frames: DataView[];
  private readonly listener: Listener<Values, Details>;
  private at = 0;
  private timer = 0;
  private speed = 0;

  constructor(data: DataView, listener: Listener<Values, Details>) {
    const { header, frames } = open<Details>(data);
    this.header = header;
    this.frames = frames;
    this.listener = listener;
    queueMicrotask(() => this.show());
  }

  ask(command: string, details: Record<string, unknown> = {}): void {
    const last = this.frames.length - 1;
    if (command === "run") {
      if (this.at === last) this.at = 0;
      this.play();
      return;
    }
    if (command === "set" && details.name === "speed") {
      this.speed = Number(details.value);
      this.tell();
      return;
    }
    this.stop();
    if (command === "step") this.at = Math.min(this.at + 1, last);
    else if (command === "reset") this.at = 0;
    else if (command === "rewind") this.at = nearest(this.header.steps, Number(details.to));
    this.show();
  }

  askLatest(command: string, details: Record<string, unknown>): void {
    this.ask(command, details);
  }

  destroy(): void {
    this.stop();
  }

  private play(): void {
    this.stop();
    const steps = this.header.steps;
    const apart = (steps[this.at + 1] ?? 0) - (steps[this.at] ?? 0);
    const pace = Math.max(this.speed > 0 ? (1000 * apart) / this.speed : PACE, interval());
    this.timer = window.setTimeout(() => {
      this.at = Math.min(this.at + 1, this.frames.length - 1);
      if (this.at < this.frames.length - 1) this.play();
      else this.stop();
      this.show();
    }, pace);
    this.tell();
  }

  private stop(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
  }

  private show(): void {
    const frame = this.frames[this.at];
    if (frame !== undefined) this.listener.frame(decode<Values>(frame) as Frame<Values>);
    this.tell();
  }

  private tell(): void {
    this.listener.status({
      state: this.timer === 0 ? "paused" : "running",
      step: this.header.steps[this.at] ?? 0,
      end: this.header.steps.at(-1) ?? 0,
      speed: this.speed,
      message: null,
      replies: {},
      details: this.header.status[this.at] as Details,
    });
  }
}
