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
export interface Status {
  state: "paused" | "running" | "failed";
  step: number;
  speed: number;
  message: string | null;
  reply: number | null;
}
