/** One end of the pipe between two processes, as `process` and a `ChildProcess` are. */
export interface PipeEnd {
  readonly connected?: boolean;
  send?(message: unknown, handle: undefined, options: undefined, done: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** What each name takes and gives: `{ load: [string, unknown] }`. All of it must survive JSON. */
export type Calls = Record<string, readonly [given: unknown, answered: unknown]>;

type Handlers<C extends Calls> = { [K in keyof C]: (given: C[K][0]) => C[K][1] | Promise<C[K][1]> };

/** The marks of this channel's own messages: others may share the pipe. */
interface Ask {
  readonly territoryAsk: number;
  readonly name: string;
  readonly given: unknown;
}
interface Answer {
  readonly territoryAnswer: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly type: string; readonly code?: string };
}

/** What the other process threw. */
export class RemoteError extends Error {
  readonly type: string;
  readonly code: string | undefined;

  constructor({ message, type, code }: NonNullable<Answer['error']>) {
    super(message);
    this.name = 'RemoteError';
    this.type = type;
    this.code = code;
  }
}

/** The other process did not answer in time, or its end of the pipe is closed. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
}

/**
 * Calls from one process to another over its pipe, in both directions.
 * @typeParam Mine what the other may ask of this process
 * @typeParam Theirs what this process may ask of the other
 */
export class Channel<Mine extends Calls, Theirs extends Calls> {
  readonly #pipe: PipeEnd;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #last = 0;

  constructor(pipe: PipeEnd, handlers: Handlers<Mine>) {
    this.#pipe = pipe;
    pipe.on('message', (message) => {
      if (typeof message !== 'object' || message === null) return;
      if ('territoryAsk' in message) void this.#answer(message as Ask, handlers);
      else if ('territoryAnswer' in message) this.#settle(message as Answer);
    });
  }

  /**
   * Asks the other process.
   * @param timeoutMs longest wait; none where absent
   * @throws RemoteError what the other threw, or ChannelError where no answer came
   */
  ask<K extends keyof Theirs & string>(name: K, given: Theirs[K][0], timeoutMs?: number): Promise<Theirs[K][1]> {
    const id = ++this.#last;
    return new Promise<unknown>((resolve, reject) => {
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              this.#waiting.delete(id);
              reject(new ChannelError(`no answer to [${name}] within ${timeoutMs} ms`));
            }, timeoutMs);
      this.#waiting.set(id, {
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#send({ territoryAsk: id, name, given } satisfies Ask, (error) => this.#fail(id, error));
    }) as Promise<Theirs[K][1]>;
  }

  /** Fails all that waits: the other process is gone. */
  close(reason: string): void {
    for (const id of [...this.#waiting.keys()]) this.#fail(id, new ChannelError(reason));
  }

  async #answer({ territoryAsk: id, name, given }: Ask, handlers: Handlers<Mine>): Promise<void> {
    let answer: Answer;
    try {
      const handler = handlers[name];
      if (handler === undefined) throw new TypeError(`there is no call [${name}]`);
      answer = { territoryAnswer: id, value: await handler(given) };
    } catch (thrown) {
      const { message, type, name: kind, code } = thrown as Error & { type?: string; code?: string };
      answer = { territoryAnswer: id, error: { message, type: type ?? kind, code } };
    }
    // Who asked is gone: there is no one left to tell.
    this.#send(answer, () => undefined);
  }

  #settle({ territoryAnswer: id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new RemoteError(error));
  }

  #fail(id: number, error: Error): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.reject(error);
  }

  #send(message: Ask | Answer, failed: (error: Error) => void): void {
    if (this.#pipe.connected === false || this.#pipe.send === undefined) {
      failed(new ChannelError('the other process is gone'));
      return;
    }
    this.#pipe.send(message, undefined, undefined, (error) => {
      if (error !== null) failed(new ChannelError(`the other process is gone: ${error.message}`));
    });
  }
}
