/** Flow control: the newest frame is painted and acknowledged; `synthlab_widgets/flow.py` has the other half. */

/** Frames that the kernel lets be under way: `IN_FLIGHT` there. */
const IN_FLIGHT = 2;

/**
 * Of the frames that arrive between two paintings the newest is painted. The kernel hears of
 * every second one, after the painting, so it never has more than two under way. (For every
 * message to the kernel Jupyter shows it busy and idle again, which costs more than the frame.)
 */
export class Painter<Frame extends { readonly index: number }> {
  private next: Frame | null = null;
  private timer = 0;
  private request = 0;
  private painted = Number.NEGATIVE_INFINITY; // when
  private acknowledged = Number.NEGATIVE_INFINITY; // which frame
  private readonly paint: (frame: Frame) => void;
  private readonly acknowledge: (index: number) => void;
  private readonly interval: () => number;

  constructor(
    paint: (frame: Frame) => void,
    acknowledge: (index: number) => void,
    interval: () => number,
  ) {
    this.paint = paint;
    this.acknowledge = acknowledge;
    this.interval = interval;
  }

  receive(frame: Frame): void {
    const scheduled = this.next !== null;
    this.next = frame;
    if (scheduled) return;
    const paint = (): void => {
      this.request = requestAnimationFrame(() => this.flush());
    };
    const wait = this.painted + this.interval() - performance.now();
    if (wait > 0) this.timer = window.setTimeout(paint, wait);
    else paint();
  }

  stop(): void {
    window.clearTimeout(this.timer);
    cancelAnimationFrame(this.request);
    this.next = null;
  }

  private flush(): void {
    const frame = this.next;
    if (frame === null) return;
    this.next = null;
    this.painted = performance.now();
    this.paint(frame);
    const ahead = frame.index - this.acknowledged;
    if (ahead > 0 && ahead < IN_FLIGHT) return; // one more may come without a word from here
    this.acknowledged = frame.index;
    this.acknowledge(frame.index);
  }
}
