import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.mjs';
import { withLock } from './lock.mjs';

/** Counted up when what is unpacked changes. */
const NAME = 'chromium-147.0.0-1';

/**
 * The headless browser that comes as a package, with the libraries and fonts that it needs, unpacked once into the cache
 * folder. Nothing of the machine is used, neither a browser nor a library nor a font.
 * @returns {Promise<string>} the folder; `launchOptions` says how to start what is in it
 */
export async function unpackChromium() {
  const folder = join(cacheFolder(), NAME);
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const unpacking = `${folder}.${process.pid}`;
    await rm(unpacking, { recursive: true, force: true });
    await mkdir(unpacking);
    const { AWS_LAMBDA_JS_RUNTIME, FONTCONFIG_PATH, LD_LIBRARY_PATH, TMPDIR } = process.env;
    // The package unpacks to where temporary files go, and brings its libraries where it finds itself on the machines of
    // one provider.
    Object.assign(process.env, { TMPDIR: unpacking, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' });
    try {
      const { default: chromium } = await import('@sparticuz/chromium');
      await chromium.executablePath();
    } finally {
      for (const [name, value] of Object.entries({ AWS_LAMBDA_JS_RUNTIME, FONTCONFIG_PATH, LD_LIBRARY_PATH, TMPDIR })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
    // Its own looks for fonts in folders that are not there; without a font the browser dies of a text field.
    const fonts = `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`;
    await writeFile(join(unpacking, 'fonts', 'fonts.conf'), `<?xml version="1.0"?>\n${fonts}\n`);
    await rename(unpacking, folder);
  });
  return folder;
}
