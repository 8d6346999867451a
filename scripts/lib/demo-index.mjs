import { kaliArticles } from './kali-articles.mjs';
import { PlaceNames } from './place-names.mjs';
import { progress } from './progress.mjs';

export const INDEX = 'articles';

/** Counted up when what the demo writes changes, so that an older index is made anew. */
const FORMAT = 1;
const OWNER = 'npm run demo of territory-proxy';

const MAPPINGS = {
  dynamic: 'strict',
  properties: {
    agreement: { type: 'keyword' },
    title: { type: 'text', analyzer: 'french' },
    text: { type: 'text', analyzer: 'french' },
    territories: { type: 'keyword' },
    territory_path: { type: 'keyword' },
  },
};

/**
 * Fills the index `articles` with the French articles, tagged with the departments, regions and towns that they name
 * (`territories`) and with all units around those, by atoms (`territory_path`). An index that an earlier demo filled
 * from the same tree is left as it is; one that the demo did not make is not touched.
 *
 * @param {import('@elastic/elasticsearch').Client} client on Elasticsearch itself
 * @param {import('../../dist/index.js').TerritoryTree} tree
 * @returns {Promise<{ documents: number, areas: number, towns: number, reused: boolean }>} how many documents there are,
 *   and how many name a department or region, and a town
 * @throws {Error} one sentence when the index is someone else's, or a document is refused
 */
export async function fillIndex(client, tree) {
  const made = { owner: OWNER, format: FORMAT, tree: tree.version };
  const found = await existing(client);
  if (found) {
    if (found.owner !== OWNER) {
      throw new Error(
        `This Elasticsearch has an index "${INDEX}" that the demo did not make, so it is left alone: name another Elasticsearch in ELASTICSEARCH_URL, or leave that unset.`,
      );
    }
    if (found.format === FORMAT && found.tree === tree.version && found.counts)
      return { ...found.counts, reused: true };
    await client.indices.delete({ index: INDEX });
  }
  const settings = { number_of_shards: 1, number_of_replicas: 0, refresh_interval: '-1' };
  await client.indices.create({ index: INDEX, settings, mappings: { ...MAPPINGS, _meta: made } });
  const counts = { documents: 0, areas: 0, towns: 0 };
  await progress(
    'Indexing the articles',
    client.helpers.bulk({
      datasource: documents(tree, counts),
      onDocument: ({ id, ...source }) => [{ index: { _index: INDEX, _id: id } }, source],
      onDrop: ({ error, document }) => {
        throw new Error(`Elasticsearch refused the article ${document.id}: ${JSON.stringify(error)}`);
      },
      concurrency: 2,
    }),
    () => `${counts.documents} so far`,
  );
  await client.indices.putSettings({ index: INDEX, settings: { refresh_interval: null } });
  await client.indices.refresh({ index: INDEX });
  // Last, so that an index that was left half-filled is made anew.
  await client.indices.putMapping({ index: INDEX, _meta: { ...made, counts } });
  return { ...counts, reused: false };
}

async function existing(client) {
  const answer = await client.indices.getMapping({ index: INDEX }, { ignore: [404] });
  if (answer.error) return undefined;
  const [mapping] = Object.values(answer);
  return mapping?.mappings?._meta ?? {};
}

async function* documents(tree, counts) {
  const names = new PlaceNames(tree.units());
  const pathOf = new Map();
  for await (const article of kaliArticles()) {
    const territories = names.find(article.text);
    const path = new Set();
    for (const code of territories) {
      if (!pathOf.has(code))
        pathOf.set(
          code,
          tree
            .territory(code)
            .around()
            .map((unit) => unit.code),
        );
      for (const around of pathOf.get(code)) path.add(around);
    }
    counts.documents += 1;
    // Paris is a town and a department.
    if (territories.some((code) => /^(DEP|REG):|^COM:75056$/.test(code))) counts.areas += 1;
    if (territories.some((code) => code.startsWith('COM:'))) counts.towns += 1;
    yield { ...article, territories, territory_path: [...path].sort() };
  }
}
