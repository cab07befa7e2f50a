/** Connection of a view with its run: a live one in the kernel, or a recorded one. */

import type { Frame } from "./frames.ts";
import type { Status } from "./types.ts";

/** What a view does with what it hears. */
export interface Listener<Values, Details> {
  frame(frame: Frame<Values>): void;
  status(status: Status<Details>): void;
  /** A command has had no answer for a while (true), or has one now (false). */
  waiting(waiting: boolean): void;
  /** The kernel is gone (true); a kernel that is heard again after that is back (false). */
  gone(gone: boolean): void;
}

export interface Connection {
  /** Whether this run was recorded, so that it can be watched and not changed. */
  readonly recorded: boolean;
  /** Whether a command is under way: what is heard meanwhile may be older than it. */
  readonly busy: boolean;
  /** Asks for something. */
  ask(command: string, details?: Record<string, unknown>): void;
  /** Asks as soon as the last such request is answered; of several the newest is sent. */
  askLatest(command: string, details: Record<string, unknown>): void;
  destroy(): void;
}
