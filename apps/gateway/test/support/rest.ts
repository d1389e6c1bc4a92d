import { requireDocumented } from './openapi.js';
import { routes } from '../../src/rest/routes/routes.js';
import { anAddress, type TestUser, type World } from './world.js';

export interface RestAnswer {
  status: number;
  headers: Headers;
  // Whatever the route answers: tests read into it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

export interface RestOptions {
  as?: TestUser | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Asks the gateway; an answer of a route is checked against the OpenAPI document, whatever the test looks for. */
export async function rest(
  world: Pick<World, 'url'>,
  method: string,
  path: string,
  { as, body, headers = {} }: RestOptions = {},
): Promise<RestAnswer> {
  const response = await fetch(`${world.url}/api/v1${path}`, {
    method,
    headers: {
      'x-forwarded-for': anAddress(),
      ...(as && { authorization: `Bearer ${as.token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  const route = routeOf(method, path.split('?', 1)[0]!);
  if (route && text !== '') requireDocumented(method.toLowerCase(), route, answer.status, answer.body);
  return answer;
}

/** The path of the route that serves an address; the one with the fewest parameters. */
const routeOf = (method: string, address: string): string | undefined =>
  routes
    .filter((route) => route.method === method)
    .map(({ path }) => path)
    .filter((path) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(address))
    .sort((a, b) => a.split('{').length - b.split('{').length)[0];
