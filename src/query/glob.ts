/** Index patterns: names in which `*` stands for any characters, as Elasticsearch reads them. */

/** Whether a pattern matches a name. */
export function globMatches(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0]!;
  if (parts.length === 1) return pattern === name;
  const last = parts[parts.length - 1]!;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  const end = name.length - last.length;
  for (let i = 1; i < parts.length - 1; i++) {
    const at = name.indexOf(parts[i]!, from);
    if (at < 0 || at + parts[i]!.length > end) return false;
    from = at + parts[i]!.length;
  }
  return true;
}

/** Whether some name matches both patterns. */
export function globsMeet(a: string, b: string): boolean {
  if (!a.includes('*')) return globMatches(b, a);
  if (!b.includes('*')) return globMatches(a, b);
  // What stands before the first star and after the last must agree; in between each side's stars swallow the other's text.
  const [startA, startB] = [a.slice(0, a.indexOf('*')), b.slice(0, b.indexOf('*'))];
  const [endA, endB] = [a.slice(a.lastIndexOf('*') + 1), b.slice(b.lastIndexOf('*') + 1)];
  const starts = startA.startsWith(startB) || startB.startsWith(startA);
  return starts && (endA.endsWith(endB) || endB.endsWith(endA));
}

/** Whether every name that `inner` matches is matched by `outer`. */
export function globCovers(outer: string, inner: string): boolean {
  // A star in `inner` is a character that only a star of `outer` can take.
  return globMatches(outer, inner.replaceAll('*', '\u0000'));
}
