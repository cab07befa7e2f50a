/** The part of JupyterLab's interfaces that this extension uses (4.4 and later). */

declare module "@jupyterlab/coreutils" {
  /** What the server tells the page. */
  export const PageConfig: {
    getOption(name: string): string;
    setOption(name: string, value: string): string;
  };
}

declare module "@jupyterlab/notebook" {
  interface Signal<Sender, Args> {
    connect(slot: (sender: Sender, args: Args) => void): boolean;
    disconnect(slot: (sender: Sender, args: Args) => void): boolean;
  }

  export interface INotebookModel {
    getMetadata(key: string): unknown;
    readonly metadataChanged: Signal<INotebookModel, unknown>;
  }

  export interface NotebookPanel {
    readonly content: { readonly node: HTMLElement; readonly model: INotebookModel | null };
    readonly context: { readonly ready: Promise<void> };
    readonly node: HTMLElement;
    readonly sessionContext: {
      readonly session: { readonly kernel: { readonly status: string } | null } | null;
      readonly statusChanged: Signal<unknown, string>;
    };
    readonly disposed: Signal<NotebookPanel, void>;
  }

  export interface INotebookTracker {
    filter(test: (panel: NotebookPanel) => boolean): NotebookPanel[];
    find(test: (panel: NotebookPanel) => boolean): NotebookPanel | undefined;
    forEach(act: (panel: NotebookPanel) => void): void;
    readonly widgetAdded: Signal<INotebookTracker, NotebookPanel>;
  }

  export const INotebookTracker: unique symbol;
}

declare module "*.css" {
  const text: string;
  export default text;
}
