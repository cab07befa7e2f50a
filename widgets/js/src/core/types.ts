/** The part of anywidget's model that the widgets use. */
export interface Model {
  get(name: string): unknown;
  send(content: Record<string, unknown>): void;
  on(event: string, callback: (...args: never[]) => void): void;
  off(event: string, callback: (...args: never[]) => void): void;
}

/** What anywidget hands to `render`. */
export interface RenderContext {
  model: Model;
  el: HTMLElement;
}

/** How a live run stands, as `synthlab_widgets.screen.Status` tells it. */
export interface Status<Details = unknown> {
  state: "paused" | "running" | "failed";
  step: number;
  /** The furthest step that one can go to. */
  end: number;
  speed: number;
  message: string | null;
  /** By view, the number of its last command that was handled. */
  replies: Readonly<Record<string, number>>;
  details: Details;
}
