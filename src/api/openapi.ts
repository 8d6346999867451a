import { z } from 'zod';
import type { Route, RouteAnswer } from './route.js';

const JSON_TYPE = 'application/json';

/** A description of the API in OpenAPI 3.1, whose schemas are JSON Schema 2020-12 as zod writes it. */
export function describeApi(routes: readonly Route[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = `/_territory${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    paths[path] ??= {};
    paths[path][route.method] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'territory-proxy',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'The API of the proxy itself. What changes something needs the admin token, or, where none is set, a client on ' +
        'the same machine. Errors have the shape of those of Elasticsearch. `?pretty` indents any answer.',
    },
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        admin: { type: 'http', scheme: 'bearer', description: 'The admin token of the configuration.' },
      },
    },
  };
}

function operation(route: Route): Record<string, unknown> {
  const answers = Object.entries(route.answers).map(([status, answer]) => [status, response(answer)]);
  return {
    operationId: [route.method, ...(route.path.match(/\w+/g) ?? [])].join('_'),
    summary: route.summary,
    description: route.description,
    security: route.changes || route.confidential ? [{ admin: [] }, {}] : [{}, { admin: [] }],
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    requestBody:
      route.body === undefined
        ? undefined
        : { required: true, content: { [JSON_TYPE]: { schema: reference(route.body) } } },
    responses: {
      ...Object.fromEntries(answers),
      default: {
        description: 'An error, in the shape of Elasticsearch.',
        content: { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function response({ description, schema, contentType = JSON_TYPE }: RouteAnswer): Record<string, unknown> {
  return {
    description,
    content: { [contentType]: { schema: schema === undefined ? { type: 'string' } : reference(schema) } },
  };
}

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query'): Record<string, unknown>[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const { $schema: _, description, ...json } = z.toJSONSchema(field as z.ZodType, { io: 'input' });
    const required = place === 'path' || !(field as z.ZodType).safeParse(undefined).success;
    return { name, in: place, required, description, schema: json };
  });
}

function reference(schema: z.ZodType): Record<string, unknown> {
  const id = schema.meta()?.id;
  if (id === undefined)
    throw new Error('a schema of a route has no id, under which the description of the API could list it');
  return { $ref: `#/components/schemas/${id}` };
}

/** All schemas with an `id`, each once. */
function components(): Record<string, unknown> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]));
}
