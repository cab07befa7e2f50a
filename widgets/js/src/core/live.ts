/** A view's conversation with the live run in the kernel. */

import type { Connection, Listener } from "./connection.ts";
import { uniqueId } from "./dom.ts";
import { Painter } from "./flow.ts";
import { decode, type Frame } from "./frames.ts";
import { interval } from "./motion.ts";
import { Pending } from "./pending.ts";
import type { Model, Status } from "./types.ts";

/** Milliseconds without an answer after which the reader is told that the command waits. */
const PATIENCE = 600;
/** While it waits, the view says this often that it is there: an answer may have been lost. */
const REPEAT = 2000;
/** Milliseconds from one sign of life to the next. */
const HEARTBEAT = 20_000;

export class LiveView<Values, Details> implements Connection {
  readonly recorded = false;
  private readonly name = uniqueId();
  private readonly painter: Painter<Frame<Values>>;
  private readonly pending = new Pending();
  private readonly observer: IntersectionObserver;
  private readonly model: Model;
  private readonly listener: Listener<Values, Details>;
  private readonly heart: number;
  private timer = 0;
  private inSight = false;
  private visibility: "visible" | "hidden" | null = null;
  private dead = false;
  private running = false;
  private readonly element: HTMLElement;

  constructor(model: Model, el: HTMLElement, listener: Listener<Values, Details>) {
    this.model = model;
    this.element = el;
    this.listener = listener;
    this.painter = new Painter<Frame<Values>>(
      (frame) => listener.frame(frame),
      (index) => this.send({ type: "ack", frame: index }),
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
    this.heart = window.setInterval(() => this.beat(), HEARTBEAT);
  }

  ask(command: string, details: Record<string, unknown> = {}): void {
    if (this.dead) return;
    this.send({ type: command, number: this.pending.next(), ...details });
    this.mark();
    if (this.timer === 0) this.timer = window.setTimeout(this.wait, PATIENCE);
  }

  get busy(): boolean {
    return this.pending.busy;
  }

  askLatest(command: string, details: Record<string, unknown>): void {
    if (this.dead) return;
    if (this.pending.busy) this.pending.later = () => this.ask(command, details);
    else this.ask(command, details);
  }

  destroy(): void {
    this.leave();
    this.announce(false);
    window.clearInterval(this.heart);
    this.observer.disconnect();
    this.painter.stop();
    this.quiet();
    this.model.off("msg:custom", this.hear);
    this.model.off("comm_live_update", this.die);
    document.removeEventListener("visibilitychange", this.tell);
    window.removeEventListener("pagehide", this.leave);
  }

  private readonly hear = (
    content: { type: string } & Status<Details>,
    buffers: DataView[],
  ): void => {
    if (this.dead) {
      this.dead = false;
      this.listener.gone(false);
    }
    if (content.type === "frame" && buffers[0] !== undefined) {
      this.painter.receive(decode<Values>(buffers[0]));
    } else if (content.type === "status") {
      this.announce(content.state === "running");
      const answered = this.pending.heard(content.replies[this.name] ?? 0);
      this.listener.status(content);
      this.mark();
      if (answered) this.quiet();
    }
  };

  /** Says on the page whether a command is under way. */
  private mark(): void {
    this.element.toggleAttribute("data-sl-asking", this.busy);
  }

  private readonly wait = (): void => {
    this.listener.waiting(true);
    this.beat();
    this.timer = window.setTimeout(this.wait, REPEAT);
  };

  /** The widget manager cut the connection: the kernel was restarted, or is no more. */
  private readonly die = (): void => {
    this.dead = true;
    this.announce(false);
    this.painter.stop();
    this.pending.forget();
    this.mark();
    this.quiet();
    this.listener.gone(true);
  };

  private readonly tell = (): void => {
    const state = this.inSight && document.visibilityState === "visible" ? "visible" : "hidden";
    if (state === this.visibility) return;
    this.visibility = state;
    this.beat();
  };

  /** Says that this view is there, and whether it can be seen. */
  private beat(): void {
    if (this.visibility !== null) this.send({ type: "view", state: this.visibility });
  }

  /** Tells the page that a run goes on: our JupyterLab extension then lets the status rest. */
  private announce(running: boolean): void {
    if (running === this.running) return;
    this.running = running;
    const detail = { view: this.name, running, element: this.element };
    document.dispatchEvent(new CustomEvent("synthlab-running", { detail }));
  }

  private readonly leave = (): void => {
    this.visibility = null; // a page that comes back from the browser's cache introduces itself again
    this.send({ type: "view", state: "gone" });
  };

  private send(content: Record<string, unknown>): void {
    if (!this.dead) this.model.send({ view: this.name, ...content });
  }

  private quiet(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.listener.waiting(false);
  }
}
