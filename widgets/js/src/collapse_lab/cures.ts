/** The cures that were asked for, while the kernel has not yet answered what it was asked before. */

/**
 * The cures after another choice.
 *
 * `shown` is what stood in the place where it was made. A place alone would not do: the one that is
 * seen may be older than the last choice.
 */
export function chosen(
  cures: readonly string[],
  shown: string | undefined,
  cure: string,
): readonly string[] {
  if (cure !== "" && cures.includes(cure)) return cures;
  const at = shown === undefined ? -1 : cures.indexOf(shown);
  if (at < 0) return cure === "" ? cures : [...cures, cure];
  return cure === "" ? cures.toSpliced(at, 1) : cures.with(at, cure);
}
