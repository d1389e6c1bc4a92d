import fc from 'fast-check';
import { licensed } from './outside.js';
import { World } from './world.js';

/** Random histories of a few users on few e-mails, against a model that fits on a page. */
let world: World;
beforeAll(async () => {
  world = await World.create({ features: ['account_linking'] });
});
afterAll(() => world.drop());

const USERS = 4;
const EMAILS = 3;
type Step =
  | { kind: 'primary'; who: number }
  | { kind: 'unlink'; who: number }
  | { kind: 'link'; who: number; to: number }
  | { kind: 'email'; who: number; email: number };

const who = fc.nat(USERS - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('primary' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unlink' as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('link' as const), who, to: who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('email' as const), who, email: fc.nat(EMAILS - 1) }) },
);

class Model {
  /** The account that each login method belongs to; gone when it was deleted by an unlink. */
  account: (number | undefined)[] = Array.from({ length: USERS }, (_, index) => index);
  primary = new Set<number>();

  constructor(readonly email: number[]) {}

  methodsOf = (account: number) => this.account.flatMap((owner, method) => (owner === account ? [method] : []));

  hasRival(account: number, emails: number[]): boolean {
    return [...this.primary].some(
      (other) => other !== account && this.methodsOf(other).some((method) => emails.includes(this.email[method]!)),
    );
  }

  emailsOf = (account: number) => this.methodsOf(account).map((method) => this.email[method]!);

  apply(given: Step): string {
    const account = this.account[given.who];
    if (account === undefined) return this.ofGone(given);
    if (given.kind === 'primary') return this.makePrimary(given.who, account);
    if (given.kind === 'unlink') return this.unlink(given.who, account);
    if (given.kind === 'email') return this.changeEmail(given.who, account, given.email);
    return this.link(given.who, account, this.account[given.to]);
  }

  /** A login method is gone, but the account that it gave its id may go on under it, and then there is nothing to part. */
  private ofGone({ kind, who }: Step): string {
    return kind === 'unlink' && this.primary.has(who) && this.methodsOf(who).length > 0 ? 'OK' : 'deleted';
  }

  private makePrimary(who: number, account: number): string {
    if (this.primary.has(account))
      return account === who ? 'OK' : 'RECIPE_USER_ID_ALREADY_LINKED_WITH_PRIMARY_USER_ID_ERROR';
    if (this.hasRival(account, this.emailsOf(account)))
      return 'ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR';
    this.primary.add(account);
    return 'OK';
  }

  private link(who: number, account: number, to: number | undefined): string {
    if (to === undefined) return 'deleted';
    if (!this.primary.has(to)) return 'INPUT_USER_IS_NOT_A_PRIMARY_USER';
    if (account === to) return 'OK';
    if (this.primary.has(account)) return 'RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR';
    if (this.hasRival(to, [this.email[who]!]))
      return 'ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR';
    this.account[who] = to;
    return 'OK';
  }

  private unlink(who: number, account: number): string {
    if (!this.primary.has(account)) return 'OK';
    const isLast = this.methodsOf(account).length === 1;
    if (isLast) this.primary.delete(account);
    this.account[who] = account === who && !isLast ? undefined : who;
    return 'OK';
  }

  private changeEmail(who: number, account: number, email: number): string {
    if (email !== this.email[who] && this.primary.has(account) && this.hasRival(account, [email]))
      return 'EMAIL_CHANGE_NOT_ALLOWED_ERROR';
    this.email[who] = email;
    return 'OK';
  }
}

licensed(
  'no history gives two primary accounts the same e-mail, and every answer is the model’s (row 38)',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(EMAILS - 1), { minLength: USERS, maxLength: USERS }),
        fc.array(step, { minLength: 8, maxLength: 20 }),
        async (emails, steps) => {
          const run = world.name('run');
          const model = new Model([...emails]);
          const signIn = (user: number, email: number) =>
            world.post('/public/recipe/signinup', {
              thirdPartyId: 'google',
              thirdPartyUserId: `${run}-${user}`,
              email: { id: `mail${email}@${run}.com`, isVerified: true },
            });
          const ids: string[] = [];
          for (const [user, email] of emails.entries()) ids.push((await signIn(user, email)).recipeUserId as string);

          for (const next of steps) {
            const expected = model.apply(next);
            if (expected === 'deleted') continue;
            expect(await perform(next, ids, signIn)).toBe(expected);
          }
          await compare(model, ids);
        },
      ),
      { numRuns: 25 },
    );
  },
  120_000,
);

async function perform(
  given: Step,
  ids: string[],
  signIn: (who: number, email: number) => Promise<{ status: string }>,
): Promise<string> {
  if (given.kind === 'email') return (await signIn(given.who, given.email)).status;
  const recipeUserId = ids[given.who];
  const fields = given.kind === 'link' ? { recipeUserId, primaryUserId: ids[given.to] } : { recipeUserId };
  return (await world.post(`/recipe/accountlinking/user/${given.kind}`, fields)).status as string;
}

async function compare(model: Model, ids: string[]): Promise<void> {
  for (const [index, account] of model.account.entries()) {
    if (account === undefined) continue;
    const { user } = await world.get('/user/id', { userId: ids[index] });
    expect([user.id, user.isPrimaryUser]).toEqual([ids[account], model.primary.has(account)]);
    expect(user.loginMethods).toHaveLength(model.methodsOf(account).length);
  }
  const owners = [...model.primary].flatMap((account) => [...new Set(model.emailsOf(account))]);
  expect(new Set(owners).size).toBe(owners.length);
}
