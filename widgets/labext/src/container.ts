/** Container of module federation: the two calls that JupyterLab makes when it loads this extension. */

import { load, type ShareScope } from "./shared.ts";

declare const EXTENSION: string; // put in by the build, from package.json
declare const SHARED: readonly string[];
declare const require: (path: string) => unknown; // esbuild's: evaluated at the call, not before

let scope: ShareScope = {};

const modules: Readonly<Record<string, () => unknown>> = {
  "./extension": () => require("./index.ts"),
  "./style": () => require("./style.ts"),
};

const container = {
  init(shareScope: ShareScope): void {
    scope = shareScope;
  },
  async get(name: string): Promise<() => unknown> {
    const module = modules[name];
    if (module === undefined) throw new Error(`${EXTENSION} has no module ${name}`);
    await load(scope, SHARED);
    return module;
  },
};

const page = window as unknown as { _JUPYTERLAB?: Record<string, typeof container> };
page._JUPYTERLAB ??= {};
page._JUPYTERLAB[EXTENSION] = container;
