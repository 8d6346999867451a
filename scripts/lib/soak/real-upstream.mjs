import { FIELD, units } from './world.mjs';

/** An Elasticsearch that is there already, with two indices of this run's own, which it takes away in the end. */
export class RealUpstream {
  /** Of a bulk by its id: how many documents it had, and whether it was answered. */
  acknowledged = new Map();

  /** @param url its address, with credentials where it wants some */
  constructor(url) {
    this.url = url;
    this.name = `articles-soak-${Date.now()}`;
  }

  async start() {
    const keyword = { type: 'keyword' };
    const properties = { [FIELD]: keyword, text: { type: 'text' }, once: keyword };
    for (const name of [this.name, `${this.name}-written`])
      await this.#ask('PUT', `/${name}`, { mappings: { properties } });
    const communes = units(1).filter(({ code }) => code.startsWith('COM:'));
    const lines = communes.map(({ code }) => `{"index":{}}\n{"${FIELD}":"${code}","text":"le salaire minimum"}\n`);
    const { errors } = await this.#ask('POST', `/${this.name}/_bulk?refresh`, lines.join(''));
    if (errors) throw new Error('The documents of the soak could not be written.');
  }

  /** The bulks whose documents are not as often there as they must be: each once, where it was answered. */
  async wrongBulks() {
    await this.#ask('POST', `/${this.name}-written/_refresh`);
    const wrong = [];
    let after;
    const found = new Map();
    do {
      const sources = [{ once: { terms: { field: 'once' } } }];
      const composite = { size: 1000, sources, ...(after === undefined ? {} : { after }) };
      const body = { size: 0, aggs: { bulks: { composite } } };
      const { aggregations } = await this.#ask('POST', `/${this.name}-written/_search`, body);
      for (const { key, doc_count } of aggregations.bulks.buckets) found.set(key.once, doc_count);
      after = aggregations.bulks.after_key;
    } while (after !== undefined);
    for (const [id, { lines, sure }] of this.acknowledged) {
      const there = found.get(id) ?? 0;
      if (there > lines || (sure && there < lines)) wrong.push(`${id}: ${there} documents of ${lines}`);
    }
    return wrong;
  }

  async kill() {
    for (const name of [this.name, `${this.name}-written`])
      await this.#ask('DELETE', `/${name}`).catch(() => undefined);
  }

  async #ask(method, path, body) {
    const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
    const { username, password, origin } = new URL(this.url);
    const headers = { 'content-type': 'application/json' };
    if (username !== '')
      headers.authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
    const answer = await fetch(`${origin}${path}`, { method, headers, body: text });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
    return answer.json();
  }
}
