import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The version of the Elastic Common Schema whose field names the lines use. https://www.elastic.co/guide/en/ecs/8.17 */
const ECS_VERSION = '8.17.0';

/** What every line says. */
const BASE = { 'ecs.version': ECS_VERSION, service: { name: 'territory-proxy', type: 'proxy' } };
const BASE_FIELDS = JSON.stringify(BASE).slice(1, -1);

/** Where lines go. */
export interface LineStream extends DestinationStream {
  /** Takes a line that need not leave at once. */
  gather?(line: string): void;
}

/**
 * A logger whose lines are JSON with the field names of the Elastic Common Schema.
 * @param destination where the lines go; a test passes its own
 */
export function createLogger(level: LogLevel, destination: LineStream): Logger {
  const logger = pino(
    {
      level,
      base: BASE,
      messageKey: 'message',
      errorKey: 'error',
      timestamp: () => stdTimeFunctions.isoTime().replace('"time"', '"@timestamp"'),
      formatters: { level: (label) => ({ 'log.level': label }) },
      serializers: { error: describeError },
    },
    destination,
  );
  streams.set(logger, destination);
  return logger;
}

const streams = new WeakMap<Logger, LineStream>();

/**
 * A writer of lines whose fields are put together already, beside what every line says. One line a request takes pino
 * three times as long: it looks at each field for what it can't be. Such a line need not leave at once.
 * @param logger one that `createLogger` made; any other is a TypeError
 * @returns takes the level, and the fields as JSON without its braces
 */
export function lineWriter(logger: Logger): (level: LogLevel, fields: string) => void {
  const stream = streams.get(logger);
  if (stream === undefined) throw new TypeError('only a logger of createLogger takes lines that are put together');
  return (level, fields) => {
    const line = `{"log.level":"${level}","@timestamp":"${isoTime(Date.now())}",${BASE_FIELDS},${fields}}\n`;
    if (stream.gather === undefined) stream.write(line);
    else stream.gather(line);
  };
}

let second = Number.NaN;
let secondText = '';

/** As `toISOString`, which takes half a microsecond: within a second only the last digits differ. */
function isoTime(time: number): string {
  const ofTime = Math.floor(time / 1000);
  if (ofTime !== second) {
    second = ofTime;
    secondText = new Date(ofTime * 1000).toISOString().slice(0, -4);
  }
  return `${secondText}${String(time - ofTime * 1000).padStart(3, '0')}Z`;
}

/** An error as ECS names its parts. Only these: an error may carry a request with credentials in it. */
function describeError(error: unknown): Record<string, unknown> {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  const { type, name, message, stack } = error as Partial<Error> & { type?: unknown };
  return { type: typeof type === 'string' ? type : name, message, stack_trace: stack };
}
