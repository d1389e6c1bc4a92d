import fc from 'fast-check';
import { foldedUsername, Username, userRpc, usernameSkeleton } from '@fowergram/contracts-user';
import { newId, one } from '@fowergram/database';
import { aName, openWorld, type World } from '../world.js';

const TAKEN = { code: 'CONFLICT', details: { path: ['username'], reason: 'USERNAME_TAKEN' } };
const ONLY_ASCII = 'A username has only letters a–z, digits, dots and underscores.';

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world?.close());

const signUp = (username: string) => world.call(userRpc.createProfile, { userId: newId(), username });

describe('a reserved word', () => {
  it.each([
    'admin',
    'AdmIn',
    'ADMIN',
    'adm1n',
    'admln',
    'a.d.m.i.n',
    'admin_',
    '_admin',
    '__root__',
    'r00t',
    'rn_e_d_i_a',
    'rnoderator',
    'r.noderator',
    'vvvvvv',
    'support',
    'supp0rt',
    '0fficial',
    'nu11',
    'he1p',
    'fowergrarn',
    'f0vvergram',
    'syst_em',
    'L0G1N',
    'user.s',
  ])('is nobody’s name, also written as %s', async (username) => {
    await expect(signUp(username)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'This username is reserved.',
      details: { path: ['username'] },
    });
  });

  it.each(['admiral', 'rooted', 'helper', 'annie.root', 'mediaa', 'postman', 'uservoice', 'meme', 'web', 'opera'])(
    'does not reserve names that only begin or go on like it: %s',
    (username) => {
      expect(Username.safeParse(username).success).toBe(true);
    },
  );
});

describe('a name with other characters than ASCII', () => {
  it.each([
    ['NFC', 'ren\u00e9e'],
    ['NFD', 'rene\u0301e'],
    ['Turkish dotless i', 'adm\u0131n'],
    ['Turkish dotted I', 'ADM\u0130N'],
    ['zero width space', 'ann\u200blee'],
    ['zero width joiner', 'ann\u200dlee'],
    ['byte order mark', '\ufeffannlee'],
    ['right-to-left mark', 'ann\u200flee'],
    ['Cyrillic a', '\u0430nnlee'],
    ['Greek omicron', 'b\u03bfb'],
    ['full-width letters', '\uff21\uff2e\uff2e'],
    ['Kelvin sign', '\u212Aelvin'],
    ['long s', 'pa\u017f\u017fword'],
    ['mathematical bold', '\u{1d400}\u{1d401}\u{1d402}'],
    ['emoji', 'ann\u{1f600}'],
    ['line break', 'ann\n'],
    ['trailing NUL', 'annie\u0000'],
  ])('is refused and says what is allowed (%s)', async (_, username) => {
    await expect(signUp(username)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: ONLY_ASCII,
      details: { path: ['username'] },
    });
    expect(await world.call(userRpc.profileByUsername, { username })).toBeNull();
  });
});

describe('a name that is confusable with somebody’s', () => {
  it.each([
    ['PayPal', ['PayPaI', 'paypa1', 'PAYPAL', 'payPaI', 'paypal']],
    ['warm.wool', ['vvarm.wool', 'warrn.w00l', 'vvarrn.vvOO1', 'WARM.WOOL']],
    ['Illia_01', ['illia_01', 'lllia_01', '111ia_ol', 'IlIia_0l']],
  ])('%s is taken for %j', async (username, others) => {
    await signUp(username);
    for (const other of others) await expect(signUp(other)).rejects.toMatchObject(TAKEN);
    const bo = await world.user();
    for (const other of others)
      await expect(world.call(userRpc.updateProfile, { userId: bo.id, username: other })).rejects.toMatchObject(TAKEN);
    expect(await world.call(userRpc.profilesByIds, { ids: [bo.id] })).toEqual([bo]);
  });

  it('is won by one of many who ask for it at once', async () => {
    const names = ['Milo.Moon', 'milo.rnoon', 'miIo.moon', 'mi1o.m00n', 'MILO.MOON'];
    const users = await world.users(5);
    const asked = names.flatMap((username, index) => [
      signUp(username),
      world.call(userRpc.updateProfile, { userId: users[index]!.id, username }),
    ]);
    const answers = await Promise.allSettled(asked);
    const skeletons = new Set(await skeletonsOfAll());
    expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject(TAKEN);
    expect((await skeletonsOfAll()).length).toBe(skeletons.size);
  });

  it('is free for its owner', async () => {
    const ann = await signUp('Lola.Long');
    expect(await world.call(userRpc.updateProfile, { userId: ann.id, username: 'Iola.1ong' })).toMatchObject({
      username: 'Iola.1ong',
    });
    expect(await world.call(userRpc.updateProfile, { userId: ann.id, username: 'lola.long' })).toMatchObject({
      username: 'lola.long',
    });
  });
});

describe('Case folding', () => {
  const ALLOWED = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._'];
  // Half of the letters are those that case folding is about, so that they often stand side by side.
  const letter = fc.oneof(fc.constantFrom(...ALLOWED), fc.constantFrom(...'Il1iOo0rnmvwVWRNM'));
  const names = fc.array(
    fc.array(letter, { minLength: 1, maxLength: 30 }).map((letters) => letters.join('')),
    { minLength: 200, maxLength: 200 },
  );

  const indexed = async (index: string): Promise<string> =>
    one(
      await world.db.query<{ expression: string }>(
        'select pg_get_expr(indexprs, indrelid) as expression from pg_index where indexrelid = $1::regclass',
        [index],
      ),
    ).expression;

  it.each([
    ['profile_username_skeleton', usernameSkeleton],
    ['profile_username_key', foldedUsername],
  ])('is in %s what it is in the code', async (index, foldCase) => {
    const expression = await indexed(index);
    const inSql = async (usernames: string[]) =>
      (
        await world.db.query<{ folded: string }>(
          `select ${expression} as folded from unnest($1::text[]) with ordinality as u (username, n) order by n`,
          [usernames],
        )
      ).map(({ folded }) => folded);
    await fc.assert(
      fc.asyncProperty(names, async (usernames) => expect(await inSql(usernames)).toEqual(usernames.map(foldCase))),
      { numRuns: 50 },
    );
    expect(await inSql(ALLOWED)).toEqual(ALLOWED.map(foldCase));
  });

  it('changes nothing when it is repeated, and is the same whatever case a name is written in', () => {
    fc.assert(
      fc.property(fc.array(letter, { minLength: 1, maxLength: 30 }), (letters) => {
        const name = letters.join('');
        expect(usernameSkeleton(name)).not.toMatch(/[A-Z01]|rn/);
        expect(foldedUsername(name.toUpperCase())).toBe(foldedUsername(name));
      }),
    );
  });
});

describe('the name of a deleted account', () => {
  const hold = async (username: string, freeAt: string) =>
    world.db.query(`insert into released_username (folded, skeleton, free_at) values ($1, $2, now() + $3::interval)`, [
      foldedUsername(username),
      usernameSkeleton(username),
      freeAt,
    ]);

  it('is nobody’s while it is held, nor is one with the same skeleton', async () => {
    await hold('Held.Name', '1 second');
    const bo = await world.user();
    for (const username of ['held.name', 'HELD.NAME', 'he1d.name', 'heId.narne']) {
      await expect(signUp(username)).rejects.toMatchObject(TAKEN);
      await expect(world.call(userRpc.updateProfile, { userId: bo.id, username })).rejects.toMatchObject(TAKEN);
    }
    expect(await world.call(userRpc.profilesByIds, { ids: [bo.id] })).toEqual([bo]);
  });

  it('is free again afterwards', async () => {
    await hold('Free.Name', '-1 millisecond');
    expect(await signUp('free.name')).toMatchObject({ username: 'free.name' });
    await hold('Other.Name', '-1 millisecond');
    const bo = await world.user();
    expect(await world.call(userRpc.updateProfile, { userId: bo.id, username: 'other.name' })).toMatchObject({
      username: 'other.name',
    });
  });

  it('does not keep anybody from changing the rest of their profile', async () => {
    const ann = await world.call(userRpc.createProfile, { userId: newId(), username: aName() });
    await hold(ann.username, '1 day');
    expect(await world.call(userRpc.updateProfile, { userId: ann.id, bio: 'b', username: ann.username })).toMatchObject(
      { bio: 'b' },
    );
  });
});

async function skeletonsOfAll(): Promise<string[]> {
  return (await world.db.query<{ username: string }>('select username from profile')).map(({ username }) =>
    usernameSkeleton(username),
  );
}
