import { Forward, type ForwardedRequest } from '../../../src/proxy/upstream/forward.js';
import type { UpstreamNodes } from '../../../src/proxy/upstream/nodes.js';
import { TerritoryUnsupportedError } from '../../../src/territory/errors.js';

/** Whatever made the target: what is in it can't end the request line. */
it.each([
  '/a\r\nX-Evil: 1',
  '/a\nX-Evil: 1',
  '/a b HTTP/1.1',
  '/a\tb',
  '/a\0',
  '/a\x7f',
  '/a\u010d\u010ab',
  '/a\u2028',
])('forwards no target that holds what none may: %j', (target) => {
  const request = {
    method: 'GET',
    target,
    lines: '',
    hostless: true,
    body: undefined,
    timeoutMs: 0,
  } as ForwardedRequest;
  expect(() => new Forward({} as UpstreamNodes, request, {} as never)).toThrow(TerritoryUnsupportedError);
});

it('forwards a target of bytes that a server may take for letters', () => {
  const request = {
    method: 'GET',
    target: '/caf\xe9?q=%0a',
    lines: '',
    hostless: true,
    body: undefined,
    timeoutMs: 0,
  };
  expect(() => new Forward({} as UpstreamNodes, request, {} as never)).not.toThrow();
});
