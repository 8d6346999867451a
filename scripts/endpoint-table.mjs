#!/usr/bin/env node
/** Writes the table of endpoints into the README, from the code. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildWhenStale } from './lib/build.mjs';
import { endpointTable, withTable } from './lib/endpoint-table.mjs';

await buildWhenStale();
const { ENDPOINTS } = await import('../dist/query/endpoints.js');
const { EXTENDED, PRODUCTIONS } = await import('../dist/query/grammar.js');
const file = fileURLToPath(new URL('../README.md', import.meta.url));
await writeFile(file, withTable(await readFile(file, 'utf8'), endpointTable(ENDPOINTS, PRODUCTIONS, EXTENDED)));
