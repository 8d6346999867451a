import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { TerritoryError } from '../territory/errors.js';
import { IllegalArgumentError, InternalError, MethodNotAllowedError, NotFoundError } from './errors.js';
import { hostCheck } from './host-check.js';
import { checked, readJson, requireJson } from './input.js';
import { AdminRight } from './right.js';
import type { Reply, Route } from './route.js';
import { allRoutes } from './routes/index.js';
import { sendEvents, sendJson, sendUnits } from './send.js';
import type { ApiOptions, ApiServices } from './services.js';

/** The application under `/_territory`. It expects requests with their whole path. */
export function createApi(services: ApiServices, options: ApiOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  const checkHost = hostCheck(options.hosts);
  app.use((request, response, next) => {
    response.set({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // Elasticsearch's own clients refuse answers without it.
      'x-elastic-product': 'Elasticsearch',
    });
    checkHost(request);
    next();
  });
  if (options.access !== 'off') app.use('/_territory', apiRouter(services, options));
  app.use((request: Request) => {
    throw new NotFoundError(`there is nothing under [${request.path}]`);
  });
  app.use(answerErrors(services));
  return app;
}

function apiRouter(services: ApiServices, { access, token, peer, ...options }: ApiOptions): express.Router {
  const router = express.Router({ caseSensitive: true });
  const right = new AdminRight(token, peer);
  const routes = allRoutes({ ...options, changes: access === 'all' });
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    for (const route of here) {
      router[route.method](path, async (request: Request, response: Response) => {
        await send(request, response, await answer(route, request, response, services, right));
      });
    }
    const allowed = here.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
    router.all(path, (request: Request) => {
      throw new MethodNotAllowedError(request.method, allowed);
    });
  }
  return router;
}

async function answer(
  route: Route,
  request: Request,
  response: Response,
  services: ApiServices,
  right: AdminRight,
): Promise<Reply> {
  const refusal = right.refusal(request);
  if ((route.changes || route.confidential) && refusal !== undefined) throw refusal;
  if (route.changes || route.body !== undefined) requireJson(request, { hasBody: route.body !== undefined });
  const { pretty: _, ...query } = request.query;
  const input = {
    params: checked(route.params, request.params, 'path'),
    query: checked(route.query, query, 'query'),
    body: route.body === undefined ? undefined : checked(route.body, await readJson(request, response), 'body'),
    services,
    confidential: refusal === undefined,
  };
  return route.handle(input as Parameters<Route['handle']>[0]);
}

async function send(request: Request, response: Response, reply: Reply): Promise<void> {
  if ('json' in reply) return sendJson(request, response, reply.status ?? 200, reply.json);
  if ('units' in reply) return sendUnits(request, response, reply);
  if ('events' in reply) return sendEvents(request, response, reply.events);
  response.set({ ...reply.headers, 'content-type': reply.contentType });
  response.end(request.method === 'HEAD' ? '' : reply.content);
}

function answerErrors(services: ApiServices): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    if (response.headersSent) {
      next(thrown);
      return;
    }
    const error = asTerritoryError(thrown, services);
    if (error.status === 401) response.set('www-authenticate', 'Bearer realm="territory-proxy"');
    if (error instanceof MethodNotAllowedError) response.set('allow', error.allowed.join(', '));
    sendJson(request, response, error.status, error.toBody());
  };
}

function asTerritoryError(thrown: unknown, services: ApiServices): TerritoryError {
  if (thrown instanceof TerritoryError) return thrown;
  // Express itself throws these for a path that can't be decoded.
  if (thrown instanceof Error && 'status' in thrown && thrown.status === 400)
    return new IllegalArgumentError(thrown.message);
  services.failed(thrown);
  return new InternalError('the proxy failed to answer; its log tells why');
}
