import type { Database } from './database.js';
import { ManagedDatabase } from './managed-database.js';
import { migrate } from './migrate.js';

/** Where the database is: on a server, or in a folder of this process's own. */
export type DatabasePlace = { readonly url: string } | { readonly folder: string };

/** A database with all tables of this version. It is opened when it is first used; its code is loaded only then. */
export function openDatabase(place: DatabasePlace): ManagedDatabase {
  return new ManagedDatabase('url' in place ? 'postgres' : 'embedded', async () => {
    const database = await connect(place);
    try {
      await migrate(database);
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  });
}

/** The database as it is found, to be migrated or looked at. */
export async function connect(place: DatabasePlace): Promise<Database> {
  if ('url' in place) {
    const { PostgresDatabase } = await import('./postgres.js');
    return new PostgresDatabase(place.url);
  }
  const { EmbeddedDatabase } = await import('./embedded.js');
  return EmbeddedDatabase.open(place.folder);
}
