import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { RELEASED, schemaOf, schemasOfNow } from '../src/roll-out/released-events.js';
import { type Schema, unreadable } from '../src/roll-out/unreadable.js';

const released = JSON.parse(readFileSync(RELEASED, 'utf8')) as Record<string, Schema>;
const now = schemasOfNow();

/** In a roll-out both versions run, and the stream keeps the events of the older one for days. */
describe('Events of this version and of the last release', () => {
  it('have the subjects that consumers of the last release listen to', () => {
    expect(Object.keys(released).length).toBeGreaterThan(25);
    expect(Object.keys(now)).toEqual(expect.arrayContaining(Object.keys(released)));
  });

  it.each(Object.entries(released))('%s is read by both, whichever wrote it', (subject, before) => {
    const after = now[subject]!;
    expect({ byOld: unreadable(after, before), byNew: unreadable(before, after) }).toEqual({ byOld: [], byNew: [] });
  });

  const old = z.object({
    id: z.string(),
    kind: z.enum(['A', 'B']),
    list: z.array(z.int()).max(3),
    to: z.string().nullable(),
  });
  it.each<[string, z.ZodType, string[], string[]]>([
    ['nothing of a field more that may be missing', old.extend({ more: z.string().optional() }), [], []],
    ['nothing of a field more that has a value of its own', old.extend({ more: z.string().default('') }), [], []],
    ['a field more that must be there', old.extend({ more: z.string() }), [], ['payload.more']],
    ['a field that is gone', old.omit({ id: true }), ['payload.id'], []],
    ['a field that may be missing', old.partial({ id: true }), ['payload.id'], []],
    ['another type', old.extend({ id: z.int() }), ['payload.id'], ['payload.id']],
    ['a kind more', old.extend({ kind: z.enum(['A', 'B', 'C']) }), ['payload.kind'], []],
    ['a kind less', old.extend({ kind: z.enum(['A']) }), [], ['payload.kind']],
    ['another length', old.extend({ list: z.array(z.int()).max(5) }), ['payload.list'], ['payload.list']],
    ['other items', old.extend({ list: z.array(z.string()).max(3) }), ['payload.list[]'], ['payload.list[]']],
    ['a value that was null', old.extend({ to: z.string() }), [], ['payload.to']],
  ])('are compared, which finds %s', (_what, changed, byOld, byNew) => {
    const [before, after] = [schemaOf(old), schemaOf(changed)];
    expect(unreadable(after, before)).toEqual(byOld);
    expect(unreadable(before, after)).toEqual(byNew);
  });

  it('are compared, which finds a field more that the reader refuses', () => {
    const strict = schemaOf(z.strictObject({ id: z.string() }));
    expect(unreadable(schemaOf(old), strict)).toEqual(['payload.kind', 'payload.list', 'payload.to']);
  });
});
