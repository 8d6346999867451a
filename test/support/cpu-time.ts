/**
 * What the processor has worked for this process until now, in ms. What must not grow with the square of a length is
 * judged by it: a clock on the wall tells how busy the machine is.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
