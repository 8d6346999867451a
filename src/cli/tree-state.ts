import type { Rewriters } from '../proxy/rewriters.js';
import type { Rewriter } from '../query/rewriter.js';
import type { Logger } from '../stats/logger.js';
import type { TreeFigures } from '../stats/stats.js';
import type { TerritoryTree } from '../territory/tree.js';

/** Which tree is in use since when, and the snapshot that last could not be taken. */
export class TreeState {
  readonly #rewriters: Rewriters<Rewriter>;
  readonly #logger: Logger;
  readonly #countError: (type: string) => void;
  #loadedAt = new Date();
  #refused: TreeFigures['refused'];

  constructor(rewriters: Rewriters<Rewriter>, logger: Logger, countError: (type: string) => void) {
    this.#rewriters = rewriters;
    this.#logger = logger;
    this.#countError = countError;
  }

  /** Puts a tree that was read into use; requests under way end with theirs. */
  take(tree: TerritoryTree): void {
    const before = this.#rewriters.current.tree.version;
    this.#refused = undefined;
    if (tree.version === before) {
      this.#logger.info({ territory: { tree_version: before } }, 'the snapshot holds the tree that is in use');
      return;
    }
    this.#rewriters.swap(tree);
    this.#loadedAt = new Date();
    this.#logger.info(
      { territory: { tree_version: tree.version, tree_version_before: before, tree_units: tree.unitCount } },
      `tree ${tree.version} is in use, after ${before}`,
    );
  }

  /** Notes why a snapshot was not taken. The tree in use stays. */
  refuse(error: unknown): void {
    const { type, name, message } = error as Error & { type?: string };
    const kind = type ?? name;
    this.#refused = { at: new Date(), type: kind, reason: message };
    this.#countError(kind);
    const version = this.#rewriters.current.tree.version;
    this.#logger.error(
      { error, territory: { tree_version: version } },
      `the snapshot was not taken, tree ${version} stays in use`,
    );
  }

  figures(): TreeFigures {
    const { tree } = this.#rewriters.current;
    const figures = { version: tree.version, units: tree.unitCount, loadedAt: this.#loadedAt };
    return this.#refused === undefined ? figures : { ...figures, refused: this.#refused };
  }
}
