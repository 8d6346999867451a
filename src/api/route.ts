import type { z } from 'zod';
import type { TerritoryTree } from '../territory/tree.js';
import type { EventFeed } from './event-feed.js';
import type { ApiServices } from './services.js';

/** What a route gets of a request: checked, and nothing else of it. */
export interface RouteRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly services: ApiServices;
  /** Whether the client has the right to query texts and client addresses. */
  readonly confidential: boolean;
}

export type Reply =
  | { readonly status?: number; readonly json: unknown }
  /** Units by their indices in a tree. They may be all of it, so they are made and sent piece by piece. */
  | { readonly tree: TerritoryTree; readonly units: ArrayLike<number> }
  | {
      readonly contentType: string;
      readonly content: string | Buffer;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Server-sent events, until either side ends them. */
  | { readonly events: EventFeed };

/** An answer as the description of the API tells it: JSON of a schema, or text of another type. */
export interface RouteAnswer {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly contentType?: string;
}

/**
 * One endpoint: how it is reached, what it takes and gives, and what it does. The router and the description of the API
 * are both made from these, so that neither can know a route that the other doesn't.
 */
export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Under `/_territory`, as Express writes it: `/units/:code`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** It changes something: it needs the admin right, and is not there under `access: read`. */
  readonly changes?: boolean;
  /** All that it tells needs the admin right. */
  readonly confidential?: boolean;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** By status. The errors that any route may answer are added to these. */
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  readonly handle: (request: RouteRequest<never, never, never>) => Reply | Promise<Reply>;
}

type Output<T> = T extends z.ZodType ? z.output<T> : undefined;

/** A route whose handler gets the types of its schemas. */
export function defineRoute<
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  route: Omit<Route, 'params' | 'query' | 'body' | 'handle'> & {
    params?: Params;
    query?: Query;
    body?: Body;
    handle: (request: RouteRequest<Output<Params>, Output<Query>, Output<Body>>) => Reply | Promise<Reply>;
  },
): Route {
  return route as Route;
}
