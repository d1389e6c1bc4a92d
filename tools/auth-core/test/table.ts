import type { Method } from './core-client.js';
import type { World } from './world.js';

/** One request of the interface with fields that would do, and which of them may be left out. */
export interface Row {
  request: `${Method} /${string}`;
  fields: Record<string, unknown>;
  optional?: Record<string, unknown>;
}

/** Errors are text, on a line of its own. */
export async function expectText(
  world: World,
  [request, fields]: [Row['request'], object],
  statusCode: number,
  text: string,
): Promise<void> {
  const [method, path] = request.split(' ') as [Method, string];
  const answer = await world.call(method, path, fields);
  expect([request, fields, answer.statusCode, answer.text]).toEqual([request, fields, statusCode, `${text}\n`]);
  expect(answer.headers['content-type']).toMatch(/^text\/html; ?charset=utf-8$/i);
}

/** For every request: each needed field left out, each field of the wrong kind, and null in place of one that may be left out. */
export function refusesWrongFields(open: () => World, rows: Row[]): void {
  describe('every field that is missing or wrong is named', () => {
    for (const row of rows) it(row.request, () => refuseEach(open(), row));
  });
}

async function refuseEach(world: World, { request, fields, optional = {} }: Row): Promise<void> {
  const isRead = request.startsWith('GET');
  const wrong = (name: string) => `Field name '${name}' is invalid in JSON input`;
  for (const [name, value] of Object.entries(fields)) {
    const { [name]: _left, ...rest } = fields;
    await expectText(
      world,
      [request, rest],
      400,
      isRead ? `Field name '${name}' is missing in GET request` : wrong(name),
    );
    if (!isRead)
      for (const other of ofAnotherKind(value))
        await expectText(world, [request, { ...fields, [name]: other }], 400, wrong(name));
  }
  for (const [name, value] of Object.entries(optional)) {
    for (const other of ofAnotherKind(value))
      await expectText(world, [request, { ...fields, [name]: other }], 400, wrong(name));
  }
}

function ofAnotherKind(value: unknown): unknown[] {
  return typeof value === 'string' ? [5, true, null] : ['text', null];
}
