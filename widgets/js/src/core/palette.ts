/** The colours of the style sheet, for canvases: light or dark, as the page is now. */

export type Rgb = readonly [number, number, number];

export interface Palette {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly paper: string;
  readonly real: string;
  readonly fake: string;
  readonly fakeEdge: string;
  readonly discriminator: string;
  readonly generator: string;
  /** The field's colours where the discriminator says fake, is undecided, and says real. */
  readonly field: readonly [Rgb, Rgb, Rgb];
  /** From the least to the most, in one hue. */
  readonly sequence: readonly [Rgb, Rgb];
}

export function palette(root: Element): Palette {
  const style = getComputedStyle(root);
  const color = (name: string): string => style.getPropertyValue(`--sl-${name}`).trim();
  return {
    text: color("text"),
    quiet: color("quiet"),
    line: color("line"),
    paper: color("paper"),
    real: color("real"),
    fake: color("fake"),
    fakeEdge: color("fake-edge"),
    discriminator: color("discriminator"),
    generator: color("generator"),
    field: [rgb(color("says-fake")), rgb(color("undecided")), rgb(color("says-real"))],
    sequence: [rgb(color("undecided")), rgb(color("real"))],
  };
}

/** The channels of a colour that is written as six hexadecimal digits. */
function rgb(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/**
 * Calls back when JupyterLab changes its theme; returns how to stop that. In the moment of the
 * change the page is without its style sheet, and pictures have no size: a frame later they have.
 */
export function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(() => requestAnimationFrame(callback));
  observer.observe(document.body, { attributeFilter: ["data-jp-theme-name"] });
  return () => observer.disconnect();
}
