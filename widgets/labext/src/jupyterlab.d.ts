/** The part of JupyterLab's interfaces that this extension uses (4.4 and later). */

declare module "@jupyterlab/application" {
  export interface Disposable {
    dispose(): void;
  }

  export interface CommandOptions {
    label: string | (() => string);
    caption?: string | (() => string);
    execute(args: Record<string, unknown>): unknown;
    isEnabled?(): boolean;
    isVisible?(): boolean;
  }

  export interface JupyterFrontEnd {
    readonly commands: {
      addCommand(id: string, options: CommandOptions): Disposable;
      execute(id: string, args?: Record<string, unknown>): Promise<unknown>;
      notifyCommandChanged(id?: string): void;
      readonly keyBindings: readonly {
        readonly command: string;
        readonly keys: readonly string[];
      }[];
    };
    readonly shell: {
      add(widget: object, area: string, options?: { rank: number }): void;
      activateById(id: string): void;
    };
    readonly restored: Promise<unknown>;
  }

  export interface ILayoutRestorer {
    add(widget: object, name: string): void;
  }

  export const ILayoutRestorer: unique symbol;

  /** JupyterLab's own shell; Notebook 7 has none. */
  export interface ILabShell {
    readonly restored: Promise<unknown>;
  }

  export const ILabShell: unique symbol;
}

declare module "@jupyterlab/apputils" {
  export interface ICommandPalette {
    addItem(item: { command: string; category: string }): { dispose(): void };
  }

  export const ICommandPalette: unique symbol;
}

declare module "@jupyterlab/coreutils" {
  export const URLExt: { join(...parts: string[]): string };

  /** What the server tells the page. */
  export const PageConfig: {
    getOption(name: string): string;
    setOption(name: string, value: string): string;
  };
}

declare module "@jupyterlab/services" {
  export const ServerConnection: {
    makeSettings(): { readonly baseUrl: string };
    makeRequest(url: string, init: RequestInit, settings: object): Promise<Response>;
  };
}

declare module "@jupyterlab/ui-components" {
  import type { ReactElement } from "react";

  export abstract class ReactWidget {
    id: string;
    readonly title: { label: string; caption: string; icon: LabIcon | undefined };
    readonly node: HTMLElement;
    readonly isVisible: boolean;
    protected abstract render(): ReactElement;
    addClass(name: string): void;
    update(): void;
  }

  export class LabIcon {
    constructor(options: { name: string; svgstr: string });
  }
}

declare module "@jupyterlab/notebook" {
  interface Signal<Sender, Args> {
    connect(slot: (sender: Sender, args: Args) => void): boolean;
    disconnect(slot: (sender: Sender, args: Args) => void): boolean;
  }

  export interface ICellModel {
    readonly id: string;
    readonly type: string;
    trusted: boolean;
    readonly sharedModel: { getSource(): string; setSource(text: string): void };
    getMetadata(key: string): unknown;
    /** Of code cells alone. */
    readonly outputs?: { readonly length: number; clear(): void; add(output: object): number };
    executionCount?: number | null;
  }

  export interface INotebookModel {
    getMetadata(key: string): unknown;
    setMetadata(key: string, value: unknown): void;
    readonly metadataChanged: Signal<INotebookModel, unknown>;
    readonly cells: { readonly length: number; get(index: number): ICellModel };
  }

  export interface Notebook {
    readonly node: HTMLElement;
    readonly model: INotebookModel | null;
    readonly widgets: readonly { readonly node: HTMLElement; readonly ready: Promise<void> }[];
    readonly activeCell: { readonly model: ICellModel } | null;
    activeCellIndex: number;
    mode: "command" | "edit";
    deselectAll(): void;
    scrollToItem(index: number, align?: string): Promise<void>;
    readonly activeCellChanged: Signal<Notebook, unknown>;
  }

  export interface NotebookPanel {
    readonly id: string;
    readonly content: Notebook;
    readonly context: {
      readonly ready: Promise<void>;
      readonly path: string;
      readonly pathChanged: Signal<unknown, string>;
      save(): Promise<void>;
      revert(): Promise<void>;
    };
    readonly isDisposed: boolean;
    readonly node: HTMLElement;
    readonly sessionContext: {
      readonly session: { readonly kernel: { readonly status: string } | null } | null;
      readonly statusChanged: Signal<unknown, string>;
    };
    readonly disposed: Signal<NotebookPanel, void>;
  }

  export interface INotebookTracker {
    filter(test: (panel: NotebookPanel) => boolean): NotebookPanel[];
    readonly currentWidget: NotebookPanel | null;
    forEach(act: (panel: NotebookPanel) => void): void;
    find(test: (panel: NotebookPanel) => boolean): NotebookPanel | undefined;
    readonly widgetAdded: Signal<INotebookTracker, NotebookPanel>;
    readonly currentChanged: Signal<INotebookTracker, NotebookPanel | null>;
  }

  export const INotebookTracker: unique symbol;
}

declare module "*.css" {
  const text: string;
  export default text;
}
