/** Just below the most that glibc takes note of. */
const BYTES = 31 * 1024 * 1024;

/**
 * Has the allocator of the process keep what is freed. glibc gives freed memory back to the system at once while there is
 * little of it, so that each piece of a body that streams through costs page faults: of a bulk request a third of its
 * time. The first large block that is freed raises that limit to twice its size (mallopt(3), M_TRIM_THRESHOLD). This one is never
 * written to, so it never takes memory. Other allocators don't mind.
 */
export function keepFreedMemory(): void {
  Buffer.allocUnsafeSlow(BYTES);
}
