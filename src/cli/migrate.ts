import type { Command } from 'commander';
import type { Io } from './io.js';
import { printJson } from './print-json.js';
import { UsageError } from './usage-error.js';

interface MigrateOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds `migrate`, which makes the tables that a database lacks. */
export function registerMigrate(program: Command, io: Io): void {
  program
    .command('migrate')
    .description('bring the tables of the database to what this version needs')
    .option('--config <file>', 'YAML file with the configuration (default: the environment variable TERRITORY_CONFIG)')
    .option('--json', 'print {store, applied, migrations}')
    .addHelpText(
      'after',
      `
The database is the Postgres of DATABASE_URL (or DATABASE_URL_FILE), else the embedded one beside the snapshot. Its
tables lie in the schema "territory". serve does the same at its start; this is for a user who may make tables where
that of the proxy may not. Several at once wait for one another.

Example:
  DATABASE_URL=postgres://owner@db/territory territory-proxy migrate`,
    )
    .action((options: MigrateOptions) => migrateCommand(options, io));
}

async function migrateCommand({ config: file, json }: MigrateOptions, io: Io): Promise<void> {
  const { loadConfig } = await import('../config/load.js');
  const { toDatabasePlace } = await import('../config/options.js');
  const { connect } = await import('../store/open-database.js');
  const { migrate } = await import('../store/migrate.js');
  const place = toDatabasePlace(loadConfig({ file, environment: io.env }));
  if (place === undefined) {
    throw new UsageError(
      'which database? Set DATABASE_URL, or TERRITORY_TREE for the embedded one beside the snapshot',
    );
  }
  const database = await connect(place);
  try {
    const { applied, migrations } = await migrate(database);
    if (json) printJson(io, { store: database.kind, applied, migrations });
    else if (applied.length === 0) io.stdout.write('nothing to do: all tables are there\n');
    else io.stdout.write(applied.map((name) => `applied ${name}\n`).join(''));
  } finally {
    await database.close();
  }
}
