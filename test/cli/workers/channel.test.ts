import { EventEmitter } from 'node:events';
import { Channel, ChannelError, type PipeEnd, RemoteError } from '../../../src/cli/workers/channel.js';

/** Two ends of a pipe, as two processes have them. */
class End extends EventEmitter implements PipeEnd {
  connected = true;
  other: End | undefined;

  send(message: unknown, _handle: undefined, _options: undefined, done: (error: Error | null) => void): boolean {
    setImmediate(() => {
      this.other?.emit('message', JSON.parse(JSON.stringify(message)));
      done(null);
    });
    return true;
  }
}

type Arithmetic = { double: readonly [number, number]; fail: readonly [string, unknown]; never: readonly [null, null] };

function pair(): { asking: Channel<Record<never, never>, Arithmetic>; end: End } {
  const [near, far] = [new End(), new End()];
  near.other = far;
  far.other = near;
  new Channel<Arithmetic, Record<never, never>>(far, {
    double: (n) => 2 * n,
    fail: (code) => {
      throw Object.assign(new Error('it is taken'), { code });
    },
    never: () => new Promise<null>(() => undefined),
  });
  return { asking: new Channel<Record<never, never>, Arithmetic>(near, {}), end: near };
}

it('gives each call its own answer', async () => {
  const { asking } = pair();
  expect(await Promise.all([1, 2, 3].map((n) => asking.ask('double', n)))).toEqual([2, 4, 6]);
});

it('throws what the other process threw', async () => {
  const thrown = await pair()
    .asking.ask('fail', 'EADDRINUSE')
    .catch((error) => error);
  expect(thrown).toBeInstanceOf(RemoteError);
  expect(thrown).toMatchObject({ message: 'it is taken', code: 'EADDRINUSE', type: 'Error' });
});

it('waits no longer than it is told to', async () => {
  await expect(pair().asking.ask('never', null, 20)).rejects.toThrow('no answer to [never] within 20 ms');
});

it('fails what waits, and what is asked later, when the other process is gone', async () => {
  const { asking, end } = pair();
  const waiting = asking.ask('never', null);
  asking.close('worker 7 ended');
  await expect(waiting).rejects.toThrow(new ChannelError('worker 7 ended'));
  end.connected = false;
  await expect(asking.ask('double', 1)).rejects.toBeInstanceOf(ChannelError);
});

it('leaves the messages of others alone', async () => {
  const { asking, end } = pair();
  for (const foreign of [null, 'text', 7, { cmd: 'x' }, { territoryAnswer: 99, value: 1 }])
    end.emit('message', foreign);
  expect(await asking.ask('double', 4)).toBe(8);
});
