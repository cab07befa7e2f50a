/**
 * Builds what the wheel carries: one self-contained module a widget, and the labextension.
 *
 * `npm run build` builds once; `npm run watch` goes on whenever a source changes.
 */
import { readdir, rm } from "node:fs/promises";
import { context } from "esbuild";
import { labextension } from "./labext/build.mjs";

const root = import.meta.dirname;
const watch = process.argv.includes("--watch");

/** Every folder beside `core` is a widget. */
const folders = (await readdir(`${root}/js/src`)).filter((name) => name !== "core").sort();

/** Anywidget imports a widget from a blob, which can load no second file: no splitting. */
const widgets = {
  absWorkingDir: root,
  entryPoints: folders.flatMap((name) => [
    { in: `js/src/${name}/index.ts`, out: name },
    { in: `js/src/${name}/${name}.css`, out: name },
  ]),
  outdir: "synthlab_widgets/static",
  bundle: true,
  minify: !watch,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  logLevel: "info",
};

await rm(`${root}/synthlab_widgets/static`, { recursive: true, force: true });
const builds = [await context(widgets), await labextension(`${root}/labext`, { watch })];
if (watch) {
  await Promise.all(builds.map((build) => build.watch()));
} else {
  await Promise.all(builds.map((build) => build.rebuild()));
  await Promise.all(builds.map((build) => build.dispose()));
}
