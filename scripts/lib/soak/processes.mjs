import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of a process in MB, and its open files and sockets; undefined where it is gone, or not on Linux. */
export function measure(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { rss: Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1024, files: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}

/** MB an hour by which a series grows: the slope of the line through it with the least squares. */
export function slope(points) {
  if (points.length < 3) return 0;
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [t, m] = [mean(({ time }) => time), mean(({ rss }) => rss)];
  let [top, bottom] = [0, 0];
  for (const { time, rss } of points) {
    top += (time - t) * (rss - m);
    bottom += (time - t) ** 2;
  }
  return (top / bottom) * 3_600_000;
}
