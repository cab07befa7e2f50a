/**
 * Builds the prebuilt JupyterLab extension.
 *
 * JupyterLab loads one script, takes the container that it leaves in `window._JUPYTERLAB`, gives
 * it the modules that JupyterLab shares (`init`), and asks for `./extension` and `./style`
 * (`get`). So esbuild makes that script, `src/container.ts` answers the two calls, and an import
 * of a package that package.json names as shared becomes a look-up among JupyterLab's modules.
 */
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { context } from "esbuild";

/** Imports of JupyterLab's own packages find the copy in which its tokens live. */
const sharedModules = (names) => ({
  name: "shared-modules",
  setup(build) {
    build.onResolve({ filter: /^(@(jupyterlab|lumino)\/|react$)/ }, ({ path }) => {
      if (names.includes(path)) return { path, namespace: "shared" };
      return { errors: [{ text: `${path} is missing from jupyterlab.sharedPackages` }] };
    });
    build.onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({
      contents: `module.exports = require("./shared.ts").shared(${JSON.stringify(path)});`,
      resolveDir: `${build.initialOptions.absWorkingDir}/src`,
    }));
  },
});

/** Writes what JupyterLab's server reads, the settings' schema too; the script's name changes with its content. */
const install = (here, folder, manifest) => ({
  name: "install",
  setup(build) {
    build.onEnd(async ({ errors, outputFiles }) => {
      if (errors.length > 0) return;
      const [script] = outputFiles;
      const hash = createHash("sha256").update(script.contents).digest("hex").slice(0, 16);
      const load = `static/remoteEntry.${hash}.js`;
      await rm(folder, { recursive: true, force: true });
      await mkdir(`${folder}/static`, { recursive: true });
      await writeFile(`${folder}/${load}`, script.contents);
      const { name, version, description, license, jupyterlab } = manifest;
      await cp(`${here}/${jupyterlab.schemaDir}`, `${folder}/schemas/${name}`, { recursive: true });
      const _build = { load, extension: "./extension", style: "./style" };
      const read = { name, version, description, license, jupyterlab: { ...jupyterlab, _build } };
      await writeFile(`${folder}/package.json`, `${JSON.stringify(read, null, 2)}\n`);
    });
  },
});

export async function labextension(here, { watch }) {
  const manifest = JSON.parse(await readFile(`${here}/package.json`, "utf8"));
  const shared = Object.keys(manifest.jupyterlab.sharedPackages);
  return context({
    absWorkingDir: here,
    entryPoints: ["src/container.ts"],
    bundle: true,
    minify: !watch,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    loader: { ".css": "text" },
    define: { EXTENSION: JSON.stringify(manifest.name), SHARED: JSON.stringify(shared) },
    logLevel: "info",
    outfile: "remoteEntry.js",
    write: false,
    plugins: [
      sharedModules(shared),
      install(here, resolve(here, manifest.jupyterlab.outputDir), manifest),
    ],
  });
}
