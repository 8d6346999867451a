import { assetsIn } from '../assets.js';
import type { PageSettings } from '../page.js';
import type { Route } from '../route.js';
import { docsRoutes } from './docs.js';
import { emergencyRoutes } from './emergencies.js';
import { eventRoutes } from './events.js';
import { exploreRoutes } from './explore.js';
import { historyRoutes } from './history.js';
import { pageRoutes } from './pages.js';
import { rewriteRoutes } from './rewrite.js';
import { runningRoutes } from './running.js';
import { standupRoutes } from './standup.js';
import { territoryRoutes } from './territories.js';
import { unitRoutes } from './units.js';

export interface RouteOptions extends Partial<PageSettings> {
  readonly version: string;
  /** `false` leaves out what changes something. */
  readonly changes: boolean;
  /** Folder with the built modules of the pages, where it is not beside this code. */
  readonly web?: string | undefined;
}

/** All routes of the API. */
export function allRoutes(options: RouteOptions): readonly Route[] {
  const { version, changes, web, shorthand = 'territory', timeZone = 'UTC', exampleIndex } = options;
  const pages = pageRoutes(() => assetsIn(web), { shorthand, timeZone, exampleIndex });
  const routes = [
    ...unitRoutes,
    ...territoryRoutes,
    ...exploreRoutes(shorthand),
    ...rewriteRoutes,
    ...runningRoutes,
    ...eventRoutes,
    ...historyRoutes,
    ...standupRoutes,
    ...emergencyRoutes,
  ];
  const served = changes ? routes : routes.filter((route) => !route.changes);
  return [...served, ...pages, ...docsRoutes([...served, ...pages], version)];
}
