import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema, getNamedType, isObjectType } from 'graphql';
import { type ListCase, listCases, type OpenList } from '../src/lists/cases.js';
import { ListReader } from '../src/lists/list-reader.js';
import { Stage } from '../src/lists/stage.js';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import { Dice } from '../src/random.js';

const schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));

/** Every field that answers a connection, and whether it can be read backwards. */
const connections = Object.values(schema.getTypeMap()).flatMap((type) =>
  !isObjectType(type)
    ? []
    : Object.values(type.getFields()).flatMap((field) => {
        const answered = getNamedType(field.type);
        if (!isObjectType(answered) || !answered.getFields()['pageInfo']) return [];
        return { name: `${type.name}.${field.name}`, isTwoWay: field.args.some(({ name }) => name === 'last') };
      }),
);
const isTwoWay = ({ field }: ListCase) => connections.find(({ name }) => name === field)?.isTwoWay ?? false;

/** So few different times that many items have the same. */
const timeOf = (dice: Dice) => new Date(Date.UTC(2026, 10, 1) + dice.int(0, 4));
const AT_FIRST = 7;
/** More than a page looks at, and an even number. */
const UNSEEN = 2_600;
/** More than all that is ever in a list of this test. */
const MOST_PAGES = 60;

describe('A list of the schema', () => {
  it('is known to this test, with a way to fill it', () => {
    const known = new Set(listCases.map(({ field }) => field));
    const forgotten = connections.filter(({ name }) => !known.has(name));
    expect(forgotten.map(({ name }) => `${name}: say in apps/e2e/src/lists how it is filled`)).toEqual([]);
    expect([...known].filter((field) => !connections.some(({ name }) => name === field))).toEqual([]);
  });

  describe('that is filled', () => {
    let network: InProcessNetwork;
    let stage: Stage;

    beforeAll(async () => {
      network = await startInProcess({ extra: { gateway: { EMAIL_VERIFICATION: 'off', RATE_LIMIT_FACTOR: '10000' } } });
      stage = await Stage.open(network, 'ADMIN');
    }, 120_000);
    afterAll(async () => {
      await stage?.close();
      await network?.stop();
    });

    const readerOf = (listCase: ListCase, list: OpenList, client = stage.viewer.client) =>
      new ListReader(listCase, list, client);

    /** Reads all pages at sizes that the dice choose, while items come and go; answers the ids in the order in which they came. */
    async function readWhileItChanges(
      reader: ListReader,
      list: OpenList,
      present: Set<string>,
      dice: Dice,
      isForward: boolean,
    ): Promise<string[]> {
      const seen: string[] = [];
      let cursor: string | null = null;
      for (let pages = 0; pages < MOST_PAGES; pages++) {
        const size = dice.int(1, 4);
        const place: object = cursor === null ? {} : { [isForward ? 'after' : 'before']: cursor };
        const page = await reader.read({ [isForward ? 'first' : 'last']: size, ...place });
        expect(page.ids.length).toBeLessThanOrEqual(size);
        seen.push(...(isForward ? page.ids : page.ids.reverse()));
        if (!(isForward ? page.hasNextPage : page.hasPreviousPage)) return seen;
        cursor = isForward ? page.endCursor : page.startCursor;
        if (dice.chance(0.4)) await list.add(timeOf(dice));
        if (dice.chance(0.3) && present.size > 3) {
          const gone = dice.pick([...present]);
          present.delete(gone);
          await list.remove(gone);
        }
      }
      throw new Error('The list does not end.');
    }

    it.each(listCases)(
      'shows everything once, at any size of its pages, while items come and go: $field',
      async (listCase) => {
        await fc.assert(
          fc.asyncProperty(fc.nat(), async (seed) => {
            const dice = new Dice(seed);
            const list = await listCase.open(stage);
            const reader = readerOf(listCase, list);
            const present = new Set<string>();
            for (let count = 0; count < AT_FIRST; count++) {
              present.add(await list.add(timeOf(dice)));
              if (count % 3 === 0) await list.addBroken?.(timeOf(dice));
            }
            for (const isForward of isTwoWay(listCase) ? [true, false] : [true]) {
              const seen = await readWhileItChanges(reader, list, present, dice, isForward);
              expect(seen.filter((id, index) => seen.indexOf(id) !== index)).toEqual([]);
              expect([...present].filter((id) => !seen.includes(id))).toEqual([]);
            }
          }),
          { numRuns: 1, endOnFailure: true },
        );
      },
    );

    it.each(listCases.filter(isTwoWay))('is the same from both of its ends: $field', async (listCase) => {
      const list = await listCase.open(stage);
      const reader = readerOf(listCase, list);
      for (let count = 0; count < AT_FIRST; count++) await list.add(timeOf(new Dice(count)));
      const whole = await reader.read({ first: 100 });
      const end = await reader.read({ last: 3 });
      // What is broken is left out, and makes a page shorter.
      expect(end.ids).toEqual(whole.ids.slice(-end.ids.length));
      expect([end.hasPreviousPage, end.hasNextPage]).toEqual([true, false]);
      const before = await reader.read({ last: 2, before: end.startCursor });
      expect(before.ids).toEqual(whole.ids.slice(0, -end.ids.length).slice(-before.ids.length));
      expect([before.hasPreviousPage, before.hasNextPage]).toEqual([true, true]);
      const rest = await reader.read({ last: 100, before: end.startCursor });
      expect(rest.ids).toEqual(whole.ids.slice(0, -end.ids.length));
      for (const args of [
        { first: 1, last: 1 },
        { last: 1, after: whole.endCursor },
        { first: 1, before: whole.endCursor },
      ]) {
        const { errors } = await reader.answer(args);
        expect([errors?.length, errors?.[0]?.extensions.code]).toEqual([1, 'BAD_USER_INPUT']);
      }
    });

    it.each(listCases)('takes cursors that it gave to this viewer, and no others: $field', async (listCase) => {
      const list = await listCase.open(stage);
      const reader = readerOf(listCase, list);
      await list.add(timeOf(new Dice(1)));
      await list.add(timeOf(new Dice(2)));
      expect(await reader.read({ first: 0 })).toMatchObject({ ids: [], hasNextPage: true, endCursor: null });
      const own = (await reader.read({ first: 1 })).endCursor!;
      await reader.read({ first: 1, after: own });
      const codeOf = async (asked: ListReader, after: string) => {
        const { errors } = await asked.answer({ first: 1, after });
        return [errors?.[0]?.extensions.reason, errors?.[0]?.extensions.path];
      };
      const refused = ['BAD_CURSOR', ['after']];
      const flipped = own.slice(0, -2) + (own.at(-2) === 'A' ? 'B' : 'A') + own.at(-1);
      for (const made of [flipped, '', Buffer.from(own, 'base64url').subarray(12).toString('base64url')])
        expect(await codeOf(reader, made)).toEqual(refused);
      const next = listCases[(listCases.indexOf(listCase) + 1) % listCases.length]!;
      if (!(next.field.endsWith('.notifications') && listCase.field.endsWith('.notifications')))
        expect(await codeOf(readerOf(next, await next.open(stage)), own)).toEqual(refused);
      if (listCase.args !== undefined)
        expect(await codeOf(readerOf({ ...listCase, args: listCase.otherArgs! }, list), own)).toEqual(refused);
      if (list.ownerId !== undefined || list.owner !== undefined)
        expect(await codeOf(readerOf(listCase, await listCase.open(stage)), own)).toEqual(refused);
      if (!ONLY_OWN.test(listCase.field))
        expect(await codeOf(readerOf(listCase, list, stage.stranger.client), own)).toEqual(refused);
    });

    // The last one, since the crowds stay in the lists of the viewer.
    it.each(listCases.filter(({ noCrowd }) => noCrowd === undefined))(
      'is read in bounded steps past thousands of items that the viewer does not see, and all is reached: $field',
      async (listCase) => {
        const list = await listCase.open(stage);
        const reader = readerOf(listCase, list);
        const present: string[] = [];
        for (let count = 0; count < 3; count++) present.push(await list.add(timeOf(new Dice(count))));
        await list.addUnseen!(UNSEEN);
        const first = await reader.read({ first: 2 });
        expect(first).toMatchObject({ ids: [], hasNextPage: true, endCursor: expect.any(String) as string });
        for (const isForward of isTwoWay(listCase) ? [true, false] : [true]) {
          const ids: string[] = [];
          let cursor: string | null = null;
          for (let goesOn = true; goesOn;) {
            const place: object = cursor === null ? {} : { [isForward ? 'after' : 'before']: cursor };
            const page = await reader.read({ [isForward ? 'first' : 'last']: 2, ...place });
            ids.push(...page.ids);
            cursor = isForward ? page.endCursor : page.startCursor;
            goesOn = isForward ? page.hasNextPage : page.hasPreviousPage;
          }
          expect(ids.filter((id) => present.includes(id)).sort()).toEqual([...present].sort());
        }
      },
    );
  });
});

/** What the stranger cannot ask for at all: an object of the viewer, and what moderators and administrators see. */
const ONLY_OWN = /^(Collection|Report|Webhook)\.|^Query\.reports$/;
