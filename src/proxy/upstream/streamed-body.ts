import type { TerritoryError } from '../../territory/errors.js';

/** Where the pieces of a body go. After `whole` or `failed` nothing more comes. */
export interface BodySink {
  /** @returns false to be left alone until `resume` */
  piece(chunk: Buffer): boolean;
  whole(): void;
  failed(error: TerritoryError): void;
}

/** A body that is sent on while it comes. Nothing of it is read before `flow`. */
export interface StreamedBody {
  /** In bytes; `undefined` where it is known only at the end. */
  readonly length: number | undefined;
  /** Bytes that came so far. */
  readonly bytes: number;
  flow(to: BodySink): void;
  resume(): void;
  /** Hands nothing more over; what still comes is not this body's business any more. */
  stop(): void;
}
