import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
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

interface Operation {
  responses: Record<string, { $ref?: string; content?: Record<string, unknown>; headers?: object }>;
}

const document = JSON.parse(readFileSync('apps/gateway/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'date-time': true } });
ajv.addSchema({ $id: 'openapi.json', ...document });
const known = new Map<string, ValidateFunction>();

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
  requireDocumented(method, path, answer);
  return answer;
}

function requireDocumented(method: string, url: string, { status, headers, body }: RestAnswer): void {
  const path = Object.keys(document.paths)
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .find((each) => new RegExp(`^${each.replace(/\{\w+\}/g, '[^/]+')}$`).test(url.split('?', 1)[0]!));
  const operation = path && document.paths[path]![method.toLowerCase()];
  if (!operation) return;
  const response = operation.responses[status];
  if (!response) throw new Error(`${method} ${path} answered ${status}, of which openapi.json says nothing.`);
  const type = headers.get('content-type')?.split(';', 1)[0];
  const place = response.$ref ?? `#/paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}`;
  if (body === null) return;
  const name = `openapi.json${place}/content/${escaped(String(type))}/schema`;
  const validate = known.get(name) ?? ajv.compile({ $ref: name });
  known.set(name, validate);
  if (!validate(body)) throw new Error(`${method} ${path}: ${ajv.errorsText(validate.errors)}`);
}

const escaped = (text: string): string => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
