import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

const WIDGETS = resolve(import.meta.dirname, "../..");

/** By file of a source folder, the files that it imports: its own kind, not packages or styles. */
function imports(folder: string): Map<string, string[]> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
  return new Map(
    files.map((file) => {
      const names = readFileSync(file, "utf8").matchAll(
        /^(?:import|export)\b[^;]*?["'](\.[^"']*)["']|\bimport\(["'](\.[^"']*)["']\)/gm,
      );
      const paths = [...names].map(([, of, later]) => resolve(dirname(file), of ?? later ?? ""));
      const found = paths.map((path) =>
        files.find((one) => one.replace(/\.tsx?$/, "") === path.replace(/\.[tj]sx?$/, "")),
      );
      return [file, found.filter((path) => path !== undefined)];
    }),
  );
}

/** A circle of imports, from a file back to itself; nothing where there is none. */
function circle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const walk = (file: string, way: string[]): string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const round = walk(next, [...way, file]);
      if (round.length > 0) return round;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const round = walk(file, []);
    if (round.length > 0) return round;
  }
  return [];
}

test("a circle is found, and where there is none none is", () => {
  const graph = { a: ["b", "c"], b: ["c"], c: ["d"], d: ["b"], e: ["a"] };
  assert.deepEqual(circle(new Map(Object.entries(graph))), ["b", "c", "d", "b"]);
  assert.deepEqual(circle(new Map(Object.entries({ ...graph, d: [] }))), []);
});

for (const folder of ["js/src", "labext/src"]) {
  test(`no file of ${folder} imports itself in a circle, types included`, () => {
    const graph = imports(join(WIDGETS, folder));
    assert.ok([...graph.values()].flat().length > graph.size); // the imports were read
    assert.deepEqual(
      circle(graph).map((file) => relative(WIDGETS, file)),
      [],
    );
  });
}
