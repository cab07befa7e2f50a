/** The modules that JupyterLab shares with its extensions (webpack's module federation). */

/** Every version of every shared package, as JupyterLab hands it over. */
export type ShareScope = Record<string, Record<string, { get(): Promise<() => unknown> }>>;

const loaded = new Map<string, unknown>();

/** Loads shared packages, so that `shared` has them from then on. */
export async function load(scope: ShareScope, names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      // JupyterLab offers one version of each of its packages.
      const [offer] = Object.values(scope[name] ?? {});
      if (offer === undefined) throw new Error(`JupyterLab does not share ${name}`);
      loaded.set(name, (await offer.get())());
    }),
  );
}

/** A shared package that was loaded. */
export function shared(name: string): unknown {
  return loaded.get(name);
}
