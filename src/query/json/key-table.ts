/** Values by object key, looked up by the bytes of the key without making a string of them. */
export class KeyTable<T> {
  readonly #byHash = new Map<number, { readonly bytes: Buffer; readonly value: T }>();
  readonly #byName = new Map<string, T>();

  /** Throws where two keys of one table have the same hash: rename, or change the hash. */
  set(key: string, value: T): void {
    const bytes = Buffer.from(key, 'utf8');
    const hash = hashOf(bytes);
    const other = this.#byHash.get(hash);
    if (other !== undefined && !other.bytes.equals(bytes))
      throw new Error(`keys "${other.bytes}" and "${key}" collide`);
    this.#byHash.set(hash, { bytes, value });
    this.#byName.set(key, value);
  }

  /** The value of the key that stands at `start` to `end`, of which the scanner took the hash. */
  at(buffer: Uint8Array, start: number, end: number, hash: number): T | undefined {
    const entry = this.#byHash.get(hash);
    if (entry === undefined) return undefined;
    const { bytes } = entry;
    if (bytes.length !== end - start) return undefined;
    for (let i = 0; i < bytes.length; i++) if (bytes[i] !== buffer[start + i]) return undefined;
    return entry.value;
  }

  get(key: string): T | undefined {
    return this.#byName.get(key);
  }

  keys(): IterableIterator<string> {
    return this.#byName.keys();
  }

  values(): IterableIterator<T> {
    return this.#byName.values();
  }
}

/** The hash that `JsonScanner.key` takes on its way through a key. */
export function hashOf(bytes: Uint8Array): number {
  let hash = 0;
  for (const byte of bytes) hash = (Math.imul(hash, 31) + byte) | 0;
  return hash;
}
