import type { TerritoryError } from '../territory/errors.js';
import { GatheredBody } from './gathered-body.js';
import type { Load } from './load.js';
import type { BodySink, StreamedBody } from './upstream/streamed-body.js';

/** How often a client is read that waits for Elasticsearch, in ms, and about how much then: a few MB wait in the kernels. */
const LOOK_MS = 250;
const LOOK_BYTES = 256 * 1024;

/** The clients whose uploads Elasticsearch takes nothing of at the moment. */
export class StalledUploads {
  readonly #load: Load;
  readonly #all = new Set<WatchedBody>();
  #timer: NodeJS.Timeout | undefined;

  constructor(load: Load) {
    this.#load = load;
  }

  add(body: WatchedBody): void {
    this.#all.add(body);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  delete(body: WatchedBody): void {
    this.#all.delete(body);
    if (this.#all.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  kept(bytes: number): void {
    this.#load.keep(bytes);
  }

  letGo(bytes: number): void {
    this.#load.letGo(bytes);
  }

  #look(): void {
    // Half of the room is for bodies that must be read.
    for (const body of this.#all) if (this.#load.free > this.#load.most / 2 + LOOK_BYTES) body.look();
  }
}

/**
 * The body of an upload on its way through. That a client has gone shows only to who reads on (its end stands behind
 * what it sent before), and a client is read only as fast as Elasticsearch takes it. So while that takes nothing, a piece
 * is read now and then, and kept in memory.
 */
export class WatchedBody implements StreamedBody, BodySink {
  readonly #body: StreamedBody;
  readonly #stalled: StalledUploads;
  #sink: BodySink | undefined;
  /** What came while it was stalled; `undefined` where it is not. */
  #gathered: GatheredBody | undefined;
  /** How much of it may be read at this look. */
  #wanted = 0;
  /** What of it is kept in memory, here or by the sink, in bytes. */
  #kept = 0;

  constructor(body: StreamedBody, stalled: StalledUploads) {
    this.#body = body;
    this.#stalled = stalled;
  }

  get length(): number | undefined {
    return this.#body.length;
  }

  get bytes(): number {
    return this.#body.bytes;
  }

  flow(to: BodySink): void {
    this.#sink = to;
    this.#body.flow(this);
  }

  resume(): void {
    const gathered = this.#gathered;
    this.#goesOn();
    if (gathered === undefined || gathered.length === 0 || this.#handOver(gathered.whole())) this.#body.resume();
    else this.#keep(gathered.length);
  }

  stop(): void {
    this.#goesOn();
    this.#body.stop();
  }

  /** Reads on a little, or learns that the client has gone. */
  look(): void {
    this.#wanted = LOOK_BYTES;
    this.#body.resume();
  }

  piece(chunk: Buffer): boolean {
    if (this.#gathered === undefined) return this.#handOver(chunk);
    this.#gathered.add(chunk);
    this.#keep(chunk.length);
    this.#wanted -= chunk.length;
    return this.#wanted > 0;
  }

  whole(): void {
    const gathered = this.#gathered;
    this.#stalled.delete(this);
    if (gathered !== undefined && gathered.length > 0) this.#sink!.piece(gathered.whole());
    this.#sink!.whole();
  }

  failed(error: TerritoryError): void {
    this.#stalled.delete(this);
    this.#sink!.failed(error);
  }

  /** @returns whether the sink takes more */
  #handOver(piece: Buffer): boolean {
    if (this.#sink!.piece(piece)) return true;
    this.#gathered = new GatheredBody();
    this.#wanted = 0;
    this.#stalled.add(this);
    return false;
  }

  #keep(bytes: number): void {
    this.#kept += bytes;
    this.#stalled.kept(bytes);
  }

  #goesOn(): void {
    if (this.#gathered === undefined) return;
    this.#gathered = undefined;
    this.#stalled.delete(this);
    this.#stalled.letGo(this.#kept);
    this.#kept = 0;
  }
}
