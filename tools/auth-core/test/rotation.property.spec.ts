import fc from 'fast-check';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Body, CoreClient } from './core-client.js';
import { outsideCore } from './outside.js';
import {
  explain,
  issued,
  refreshed,
  repaid,
  REFRESH_VALIDITY_MS,
  verified,
  type AccessToken,
  type Csrf,
  type Outcome,
  type RefreshToken,
  type State,
  type Turn,
} from './rotation-model.js';
import { World } from './world.js';

/*
 * Random histories run against the core and the pure model. Requests of one line run at the same time, in turn at two servers
 * on one database; then the answers must be those of some order of them, and every state that such an order leads to is
 * kept. The tokens of a story are those of several tabs and devices: each step takes one of the young ones, so branches
 * that were lost, stolen or used twice all come up.
 */
interface Use {
  pick: number;
  isAnswerLost: boolean;
  csrf: Csrf;
  /** The switch of this request is not as it was when the session began. */
  isSwitched: boolean;
}
type Step =
  | ({ kind: 'refresh'; useDynamicKey: boolean } & Use)
  | ({ kind: 'verify'; checkDatabase: boolean } & Use)
  | { kind: 'repay' }
  | { kind: 'end' };

type Line = Step[] | { waitMs: number };

interface Action {
  turn: (state: State) => Turn;
  perform: (coreClient: CoreClient) => Promise<Outcome>;
}

class Story {
  private states: State[] = [];
  private readonly refreshTokens: RefreshToken[] = [];
  private readonly accessTokens: AccessToken[] = [];
  private nextId = 1;
  private nextPayload = 1;
  private handle = '';

  constructor(private readonly isProtected: boolean) {}

  async begin(): Promise<void> {
    const { session, refreshToken, accessToken, antiCsrfToken } = await world.newSession({
      enableAntiCsrf: this.isProtected,
      userDataInJWT: { v: 0 },
    });
    this.handle = session.handle;
    this.states = [{ parent: 0, isStatic: false, payload: 0, expiresAt: world.now() + REFRESH_VALIDITY_MS }];
    this.refreshTokens.push({ id: 0, parent: null, text: refreshToken.token, csrf: antiCsrfToken });
    this.keep(0, null, accessToken, antiCsrfToken);
  }

  async run(line: Line): Promise<void> {
    if (!Array.isArray(line)) return world.later(line.waitMs);
    const actions = line.map((step) => this.toAction(step));
    const outcomes = await Promise.all(
      actions.map((action, index) => action.perform(coreClients[index % coreClients.length]!)),
    );
    const states = explain(
      this.states,
      actions.map((action) => action.turn),
      outcomes,
    );
    const observed = { line, outcomes, isProtected: this.isProtected };
    expect({ ...observed, isExplained: states.length > 0 }).toEqual({ ...observed, isExplained: true });
    this.states = states;
  }

  private toAction(step: Step): Action {
    if (step.kind === 'refresh') return this.refresh(step);
    if (step.kind === 'verify') return this.verify(step);
    const sessionHandle = this.handle;
    if (step.kind === 'end')
      return {
        turn: () => ['OK', 'ended'],
        perform: (coreClient) =>
          statusOf(coreClient, 'POST /recipe/session/remove', { sessionHandles: [sessionHandle] }),
      };
    const payload = this.nextPayload++;
    return {
      turn: (state) => repaid(state, payload, world.now()),
      perform: (coreClient) =>
        statusOf(coreClient, 'PUT /recipe/jwt/data', { sessionHandle, userDataInJWT: { v: payload } }),
    };
  }

  private refresh({ pick, isAnswerLost, csrf, useDynamicKey, isSwitched }: Step & { kind: 'refresh' }): Action {
    const token = young(this.refreshTokens, pick);
    const child = this.nextId++;
    const enableAntiCsrf = this.isProtected !== isSwitched;
    const fields = {
      refreshToken: token.text,
      enableAntiCsrf,
      ...csrfField(token, csrf),
      useDynamicSigningKey: useDynamicKey,
    };
    const perform = async (coreClient: CoreClient) => {
      const answer = await ask(coreClient, 'POST /recipe/session/refresh', fields);
      if (answer.status !== 'OK') return answer.status as Outcome;
      expect(typeof answer.antiCsrfToken).toBe(enableAntiCsrf ? 'string' : 'undefined');
      if (!isAnswerLost) {
        const { antiCsrfToken } = answer;
        this.refreshTokens.push({ id: child, parent: token.id, text: answer.refreshToken.token, csrf: antiCsrfToken });
        this.keep(child, token.id, answer.accessToken, antiCsrfToken);
      }
      return outcomeOf(answer.accessToken);
    };
    const circumstances = () => ({ now: world.now(), isProtected: enableAntiCsrf, csrf });
    return { turn: (state) => refreshed(state, token, useDynamicKey, circumstances()), perform };
  }

  private verify({ pick, checkDatabase, isAnswerLost, csrf, isSwitched }: Step & { kind: 'verify' }): Action {
    const token = young(this.accessTokens, pick);
    const enableAntiCsrf = this.isProtected !== isSwitched;
    const fields = {
      accessToken: token.text,
      doAntiCsrfCheck: true,
      enableAntiCsrf,
      checkDatabase,
      ...csrfField(token, csrf),
    };
    const perform = async (coreClient: CoreClient) => {
      const answer = await ask(coreClient, 'POST /recipe/session/verify', fields);
      if (!answer.accessToken) return answer.status as Outcome;
      expect(decodeJwt(answer.accessToken.token).parentRefreshTokenHash1).toBeNull();
      if (!isAnswerLost) this.keep(token.of, null, answer.accessToken, token.csrf);
      return outcomeOf(answer.accessToken);
    };
    const circumstances = () => ({ now: world.now(), isProtected: enableAntiCsrf, csrf });
    return { turn: (state) => verified(state, token, checkDatabase, circumstances()), perform };
  }

  private keep(of: number, parent: number | null, { token, expiry }: Issued, csrf: string | undefined): void {
    const { v: payload, antiCsrfToken } = decodeJwt<{ v: number; antiCsrfToken: string | null }>(token);
    expect(antiCsrfToken).toBe(csrf ?? null);
    this.accessTokens.push({ of, parent, payload, expiresAt: expiry, text: token, csrf });
  }
}

interface Issued {
  token: string;
  expiry: number;
}

function csrfField(token: { csrf: string | undefined }, csrf: Csrf): { antiCsrfToken?: string } {
  if (csrf === 'none' || token.csrf === undefined) return {};
  return { antiCsrfToken: csrf === 'right' ? token.csrf : `${token.csrf}x` };
}

async function ask(coreClient: CoreClient, request: string, fields: object): Promise<Body> {
  const [method, path] = request.split(' ') as ['POST', string];
  return (await world.call(method, path, fields, {}, coreClient)).body;
}

async function statusOf(coreClient: CoreClient, request: string, fields: object): Promise<Outcome> {
  return (await ask(coreClient, request, fields)).status as Outcome;
}

function outcomeOf({ token }: { token: string }): Outcome {
  return issued(decodeProtectedHeader(token).kid!.startsWith('s-') ? 's' : 'd', decodeJwt<{ v: number }>(token).v);
}

// Young tokens are picked more often: stories that only retell theft are short of news.
function young<Item>(items: Item[], choice: number): Item {
  return items[items.length - 1 - (choice % Math.min(items.length, 5))]!;
}

const csrf = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Csrf>('right') },
  { weight: 1, arbitrary: fc.constantFrom<Csrf>('wrong', 'none') },
);
const isRare = fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const use = { pick: fc.nat(4), isAnswerLost: fc.boolean(), csrf, isSwitched: isRare };
const useDynamicKey = isRare.map((isStatic) => !isStatic);
const refreshStep = fc.record({ kind: fc.constant('refresh' as const), ...use, useDynamicKey });
const verifyStep = fc.record({ kind: fc.constant('verify' as const), ...use, checkDatabase: fc.boolean() });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 16, arbitrary: refreshStep },
  { weight: 16, arbitrary: verifyStep },
  { weight: 3, arbitrary: fc.constant({ kind: 'repay' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'end' as const }) },
);
// Two tabs refresh the same token, and then both children are first used at the same moment: only the row lock decides.
const youngest = (pick: number) => ({
  kind: 'refresh' as const,
  pick,
  isAnswerLost: false,
  csrf: 'right' as const,
  isSwitched: false,
  useDynamicKey: true,
});
const fork: Line[] = [
  [youngest(0), youngest(0)],
  [youngest(0), youngest(1)],
];
const minute = 60_000;
// No sum of them comes near the end of an access token (60 minutes) or of a session (100 days).
const wait = fc
  .constantFrom(25 * minute, 25 * minute, 61 * minute, 61 * minute, 61 * minute, 60 * 24 * 60 * minute)
  .map((waitMs): Line[] => [{ waitMs }]);
// Used again and again a session outlives the hundred days that it was given first; unused it does not.
const longLife: Line[] = [1, 2].flatMap((): Line[] => [
  [youngest(0)],
  [youngest(0)],
  { waitMs: 60 * 24 * 60 * minute },
  [youngest(0)],
]);
// Nor does it for a parent that is refreshed again and again, whose children nobody ever used.
const lost: Line[] = [[{ ...youngest(0), isAnswerLost: true }], { waitMs: 60 * 24 * 60 * minute }];
const barrenLife: Line[] = [...lost, ...lost, [youngest(0)]];
const scene: fc.Arbitrary<Line[]> = fc.oneof(
  { weight: 8, arbitrary: fc.array(step, { minLength: 1, maxLength: 4 }).map((line): Line[] => [line]) },
  { weight: 2, arbitrary: fc.constant(fork) },
  ...(outsideCore()
    ? []
    : [
        { weight: 2, arbitrary: wait },
        { weight: 1, arbitrary: fc.constant(longLife) },
        { weight: 1, arbitrary: fc.constant(barrenLife) },
      ]),
);
const lines = fc.array(scene, { minLength: 4, maxLength: 12 }).map((scenes) => scenes.flat());

let world: World;
let coreClients: CoreClient[];
beforeAll(async () => {
  world = await World.create();
  coreClients = [world.coreClient, await world.another()];
});
afterAll(async () => {
  await coreClients[1]!.close();
  await world.drop();
});

describe('the rotation of refresh tokens', () => {
  it('answers every story of refreshes, first uses, lost answers, wrong anti-CSRF tokens, turned switches, new claims, ends and long waits as the model does (rows 2, 3, 4, 23)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), lines, async (isProtected, history) => {
        const story = new Story(isProtected);
        await story.begin();
        for (const line of history) await story.run(line);
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});
