/** One metric of an exposition: its family with all samples. */
export interface Family {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const HELP = new RegExp(String.raw`^# HELP (${NAME}) ((?:[^\\]|\\\\|\\n)*)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const SAMPLE = new RegExp(String.raw`^(${NAME})(?:\{(.*)\})? ([+-]?Inf|NaN|[+-]?[0-9.]+(?:e[+-]?[0-9]+)?)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,(?=.)|$)/;

/**
 * Reads the text format of Prometheus, and throws at the first line that is not exactly as the format says: HELP, TYPE,
 * then all samples of one family, each sample once, a histogram with ascending buckets that end with `+Inf` and its count.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function readExposition(text: string): Map<string, Family> {
  const families = new Map<string, Family & { samples: Sample[] }>();
  const fail = (why: string, line: string): never => {
    throw new Error(`${why}: ${line}`);
  };
  if (!text.endsWith('\n')) fail('the last line must end with a line feed', text.slice(-80));
  let help: RegExpExecArray | undefined;
  let current: { name: string; family: Family & { samples: Sample[] } } | undefined;
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    if (line.startsWith('# HELP')) {
      help = HELP.exec(line) ?? fail('no help', line);
      continue;
    }
    if (line.startsWith('# TYPE')) {
      const [, name = '', type = ''] = TYPE.exec(line) ?? fail('no type', line);
      if (help?.[1] !== name || help[2] === '') fail('a type without the help of the same name before it', line);
      if (families.has(name)) fail('a family that was told before', line);
      current = { name, family: { help: help![2]!, type, samples: [] } };
      families.set(name, current.family);
      continue;
    }
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? fail('no sample', line);
    const suffixes = current?.family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    if (!suffixes.some((suffix) => name === `${current?.name}${suffix}`)) fail('a sample outside its family', line);
    const id = line.slice(0, line.lastIndexOf(' '));
    if (seen.has(id)) fail('a sample that was told before', line);
    seen.add(id);
    current?.family.samples.push({ name, labels: labelsOf(labels, line), value: numberOf(value) });
  }
  for (const [name, { type, samples }] of families) if (type === 'histogram') checkHistogram(name, samples);
  return families;
}

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const [whole, name, value] = LABEL.exec(rest) ?? [];
    if (whole === undefined || name === undefined || name in labels) throw new Error(`no label: ${line}`);
    labels[name] = value!.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(whole.length);
  }
  return labels;
}

function numberOf(text: string): number {
  return /Inf$/.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => numberOf(labels.le ?? 'NaN'));
  const ascending = (values: readonly number[]) => values.every((value, i) => i === 0 || value >= values[i - 1]!);
  const count = samples.find((sample) => sample.name === `${name}_count`)?.value;
  const sum = samples.find((sample) => sample.name === `${name}_sum`)?.value;
  if (
    !ascending(bounds) ||
    !ascending(buckets.map(({ value }) => value)) ||
    bounds.at(-1) !== Infinity ||
    buckets.at(-1)?.value !== count ||
    sum === undefined
  ) {
    throw new Error(`no histogram: ${name}`);
  }
}
