import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.mjs';
import { withLock } from './lock.mjs';
import { progress } from './progress.mjs';
import { run, tail } from './run.mjs';

const PACKAGE = '@socialgouv/kali-data@3.449.0';

/**
 * The articles of the French collective agreements (57,625 texts, Licence Ouverte), from the npm package of the French
 * labour ministry. It is fetched with `npm pack` into the cache folder the first time: 22 MB,
 * 175 MB unpacked. (It can't be installed: one of its dependencies is not on the registry.)
 *
 * @returns {AsyncGenerator<{ id: string, agreement: string, title: string, text: string }>} in the order of the files;
 *   `title` is the path of headings above the article, `text` its plain text
 */
export async function* kaliArticles() {
  const folder = await unpacked();
  for (const name of (await readdir(folder)).filter((name) => /^KALICONT\d+\.json$/.test(name)).sort()) {
    const agreement = JSON.parse(await readFile(join(folder, name), 'utf8'));
    yield* articlesUnder(agreement, agreement.data.shortTitle ?? agreement.data.title, []);
  }
}

function* articlesUnder(node, agreement, headings) {
  if (node.type === 'article') {
    const { id, num, surtitre, content } = node.data;
    const title = [...headings, [num && `Article ${num}`, surtitre].filter(Boolean).join(' – ')]
      .filter(Boolean)
      .join(' › ');
    yield { id, agreement, title, text: plainText(content) };
    return;
  }
  const inner = node.type === 'section' ? [...headings, node.data.title] : headings;
  for (const child of node.children ?? []) yield* articlesUnder(child, agreement, inner);
}

/** Without the tags and with the few entities that these texts use; each run of white space is one space. */
export function plainText(html) {
  const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
  return html
    .replace(/<[^>]+>/g, ' ')
    .replace(/&(?:#(\d+)|(\w+));/g, (all, number, name) =>
      number ? String.fromCodePoint(Number(number)) : (named[name] ?? all),
    )
    .replace(/\s+/g, ' ')
    .trim();
}

async function unpacked() {
  const cache = cacheFolder();
  const folder = join(cache, 'kali-data-3.449.0');
  if (existsSync(folder)) return folder;
  await progress(`Getting the texts (${PACKAGE} from npm, 22 MB, once)`, () =>
    withLock(`${folder}.lock`, async () => {
      if (existsSync(folder)) return;
      const work = await mkdtemp(join(cache, 'kali-data-download-'));
      try {
        const packing = await run('npm', ['pack', '--silent', PACKAGE, '--pack-destination', work], { cwd: work });
        if (packing.code !== 0) throw new Error(`npm could not fetch ${PACKAGE}:\n${tail(packing.output)}`);
        const archive = (await readdir(work)).find((name) => name.endsWith('.tgz'));
        const { code, output } = await run('tar', ['-xzf', archive, 'package/data'], { cwd: work });
        if (code !== 0) throw new Error(`tar could not unpack ${archive}:\n${tail(output)}`);
        await rename(join(work, 'package', 'data'), folder).catch((error) => {
          if (!existsSync(folder)) throw error;
        });
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    }),
  );
  return folder;
}
