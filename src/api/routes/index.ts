import type { Route } from '../route.js';
import { docsRoutes } from './docs.js';
import { rewriteRoutes } from './rewrite.js';
import { runningRoutes } from './running.js';
import { territoryRoutes } from './territories.js';
import { unitRoutes } from './units.js';

/** All routes of the API; `changes: false` leaves out what changes something. */
export function allRoutes({ version, changes }: { version: string; changes: boolean }): readonly Route[] {
  const routes = [...unitRoutes, ...territoryRoutes, ...rewriteRoutes, ...runningRoutes];
  const served = changes ? routes : routes.filter((route) => !route.changes);
  return [...served, ...docsRoutes(served, version)];
}
