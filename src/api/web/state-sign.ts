import { s } from './dom.js';
import type { Standup } from './wire.js';

/** The state as a shape, so that it is told without colour: a round, a triangle, an octagon, a clock. */
export function stateSign(state: Standup['state'] | 'stale'): SVGElement {
  const sign = (...shapes: SVGElement[]) =>
    s('svg', { viewBox: '0 0 48 48', class: 'sign', 'aria-hidden': 'true', focusable: 'false' }, ...shapes);
  switch (state) {
    case 'well':
      return sign(
        s('circle', { cx: 24, cy: 24, r: 21, class: 'solid' }),
        s('path', { d: 'M14.5 25l6.6 6.6L34 18.5', class: 'stroke' }),
      );
    case 'look':
      return sign(
        s('path', { d: 'M24 4.5L45 42H3z', class: 'solid' }),
        s('path', { d: 'M24 18v11.5', class: 'stroke' }),
        s('circle', { cx: 24, cy: 35.6, r: 2.6, class: 'dot' }),
      );
    case 'stale':
      return sign(
        s('circle', { cx: 24, cy: 24, r: 21, class: 'solid' }),
        s('path', { d: 'M24 11.5V24l8.5 6.5', class: 'stroke' }),
      );
    case 'emergency':
      return sign(
        s('path', { d: 'M15.3 3h17.4L45 15.3v17.4L32.7 45H15.3L3 32.7V15.3z', class: 'solid' }),
        s('path', { d: 'M16.5 16.5l15 15M31.5 16.5l-15 15', class: 'stroke' }),
      );
  }
}
