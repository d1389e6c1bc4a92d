import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Operation {
  responses: Record<string, { $ref?: string }>;
}

const document = JSON.parse(readFileSync('apps/gateway/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'date-time': true } });
ajv.addSchema({ $id: 'openapi.json', ...document });
const known = new Map<string, ValidateFunction>();
const escaped = (text: string): string => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Throws where an answer is not what openapi.json says of this path, such as /posts/{id}. */
export function requireDocumented(method: string, path: string, status: number, body: unknown): void {
  const response = document.paths[path]?.[method]?.responses[status];
  if (!response) throw new Error(`openapi.json says nothing of ${method} ${path} with ${status}.`);
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  const place = response.$ref ?? `#/paths/${escaped(path)}/${method}/responses/${status}`;
  const name = `openapi.json${place}/content/${escaped(type)}/schema`;
  const validate = known.get(name) ?? ajv.compile({ $ref: name });
  known.set(name, validate);
  if (!validate(body)) throw new Error(`${method} ${path}: ${ajv.errorsText(validate.errors)}`);
}
