/** A view's conversation with the live run in the kernel. */

import { Painter } from "./ack.ts";
import { uniqueId } from "./dom.ts";
import { decode, type Frame } from "./frames.ts";
import { interval } from "./motion.ts";
import type { Model, Status } from "./types.ts";

/** What a view does with what it hears. */
export interface Listener<Values> {
  frame(frame: Frame<Values>): void;
  status(status: Status): void;
  /** A command has had no answer for a while (true), or has one now (false). */
  waiting(waiting: boolean): void;
  /** The kernel was restarted (true); a kernel that is heard again after that is back (false). */
  gone(gone: boolean): void;
}

/** Milliseconds without an answer after which the reader is told that the command waits. */
const PATIENCE = 600;

export class LiveView<Values> {
  private readonly name = uniqueId();
  private readonly painter: Painter<Frame<Values>>;
  private readonly unanswered = new Set<number>();
  private readonly observer: IntersectionObserver;
  private readonly model: Model;
  private readonly listener: Listener<Values>;
  private commands = 0;
  private timer = 0;
  private inSight = false;
  private told: "visible" | "hidden" | null = null;
  private dead = false;

  constructor(model: Model, el: HTMLElement, listener: Listener<Values>) {
    this.model = model;
    this.listener = listener;
    this.painter = new Painter<Frame<Values>>(
      (frame) => listener.frame(frame),
      (index) => this.send({ type: "ack", view: this.name, frame: index }),
      interval,
    );
    this.observer = new IntersectionObserver((entries) => {
      this.inSight = entries.at(-1)?.isIntersecting ?? false;
      this.tell();
    });
    model.on("msg:custom", this.hear);
    model.on("comm_live_update", this.die);
    document.addEventListener("visibilitychange", this.tell);
    window.addEventListener("pagehide", this.leave);
    this.observer.observe(el);
  }

  /** Asks the kernel for something. */
  ask(command: string, details: Record<string, unknown> = {}): void {
    if (this.dead) return;
    this.commands += 1;
    this.unanswered.add(this.commands);
    this.send({ type: command, reply: this.commands, ...details });
    if (this.timer === 0) {
      this.timer = window.setTimeout(() => this.listener.waiting(true), PATIENCE);
    }
  }

  destroy(): void {
    this.leave();
    this.observer.disconnect();
    this.painter.stop();
    this.quiet();
    this.model.off("msg:custom", this.hear);
    this.model.off("comm_live_update", this.die);
    document.removeEventListener("visibilitychange", this.tell);
    window.removeEventListener("pagehide", this.leave);
  }

  private readonly hear = (content: { type: string } & Status, buffers: DataView[]): void => {
    if (this.dead) {
      this.dead = false;
      this.listener.gone(false);
    }
    if (content.type === "frame" && buffers[0] !== undefined) {
      this.painter.receive(decode<Values>(buffers[0]));
    } else if (content.type === "status") {
      if (content.reply !== null) {
        this.unanswered.delete(content.reply);
        if (this.unanswered.size === 0) this.quiet();
      }
      this.listener.status(content);
    }
  };

  /** The widget manager cut the connection: it does so when the kernel restarts. */
  private readonly die = (): void => {
    this.dead = true;
    this.painter.stop();
    this.quiet();
    this.listener.gone(true);
  };

  private readonly tell = (): void => {
    const state = this.inSight && document.visibilityState === "visible" ? "visible" : "hidden";
    if (state === this.told) return;
    this.told = state;
    this.send({ type: "view", view: this.name, state });
  };

  private readonly leave = (): void => {
    this.told = null; // a page that comes back from the browser's cache introduces itself again
    this.send({ type: "view", view: this.name, state: "gone" });
  };

  private send(content: Record<string, unknown>): void {
    if (!this.dead) this.model.send(content);
  }

  private quiet(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.unanswered.clear();
    this.listener.waiting(false);
  }
}
