import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';
import { buildSchema, getVariableValues, type GraphQLSchema, Kind, parse, validate } from 'graphql';
import type { Browser, Page } from 'playwright-core';
import { encodeSequence } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { notificationRpc } from '@fowergram/contracts-notification';
import type { Profile } from '@fowergram/contracts-user';
import { eventually, startBrowser } from '@fowergram/testing';
import { DEMO_PASSWORD, DEMO_USERS, demoEmail } from '../../src/playground/demo-sign-ins.js';
import { A_POST, A_USER, CREATE_POST, EXAMPLES } from '../../src/playground/playground.examples.js';
import { page } from '../../src/playground/playground.page.js';
import { script } from '../../src/playground/playground.script.js';
import { aPicture } from '../support/models.js';
import { openWorld, signUpForm, type TestUser, type World } from '../support/world.js';

describe('The playground', () => {
  let schema: GraphQLSchema;

  beforeAll(() => {
    schema = buildSchema(readFileSync('apps/gateway/schema.graphql', 'utf8'));
  });

  const upload = { query: CREATE_POST, variables: { input: { caption: '', mediaIds: ['media_x'] } } };

  it.each([...EXAMPLES, upload])('shows an operation that the schema takes: $query', ({ query, variables = {} }) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
    expect(operation.name?.value).toMatch(/^[A-Z]/);
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    expect(coerced.errors).toBeUndefined();
    expect(Object.keys(variables)).toHaveLength((operation.variableDefinitions ?? []).length);
  });

  it('has a query, changes to try, an upload and events', () => {
    const text = EXAMPLES.map(({ query }) => query).join('\n');
    for (const part of [
      'query Me',
      'homeFeed(',
      'likePost(',
      'createComment(',
      'followUser(',
      'createMediaUpload(',
      'subscription ',
    ])
      expect(text).toContain(part);
    const variables = JSON.stringify(EXAMPLES);
    expect([variables.includes(A_POST), variables.includes(A_USER)]).toEqual([true, true]);
  });

  it('signs in as those whom the demo data has', () => {
    const seed = readFileSync('apps/e2e/src/seed/demo.ts', 'utf8');
    expect([...seed.matchAll(/username: '(\w+)', displayName/g)].map(([, name]) => name)).toEqual(DEMO_USERS);
    expect(seed).toContain(`const PASSWORD = '${DEMO_PASSWORD}';`);
    expect(seed).toContain(demoEmail('${username}'));
    for (const name of DEMO_USERS) expect(page).toContain(`data-demo="${name}"`);
  });

  it('has a script that a browser can read, and every element that it asks for', async () => {
    await expect(transform(script, { format: 'esm', target: 'es2022' })).resolves.toBeDefined();
    const ids = [...script.matchAll(/element\('([\w-]+)'\)/g)].map(([, id]) => id!);
    expect(ids.length).toBeGreaterThan(10);
    for (const id of ids) expect(page).toContain(`id="${id}"`);
  });
});

describe('The playground in a browser', () => {
  let world: World;
  let browser: Browser;
  let page: Page;
  let ann: TestUser;
  /** What the page has left to nobody, which a developer sees in red. */
  const failures: string[] = [];

  beforeAll(async () => {
    world = await openWorld({ ENVIRONMENT: 'development' });
    await world.answer(notificationRpc.since, () => ({ edges: [], hasMore: false, head: encodeSequence(0) }));
    [ann, browser] = await Promise.all([world.signUp(), startBrowser()]);
    page = await browser.newPage();
    page.on('pageerror', ({ message }) => failures.push(message));
    await page.goto(`${world.url}/playground`);
    await page.locator('.graphiql-sidebar').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const says = (text: string) => eventually(async () => expect(await page.textContent('#graphiql')).toContain(text));

  async function signIn(): Promise<void> {
    await page.locator('#own-account').evaluate((details) => details.setAttribute('open', ''));
    await page.fill('#email', ann.email);
    await page.fill('#password', 'correct-horse-1');
    await page.click('#credentials button[type=submit]');
    await page.locator('#signed-in').waitFor();
  }

  async function signOut(): Promise<void> {
    await page.click('#sign-out');
    await page.locator('#signed-out').waitFor();
  }

  async function runTab(name: string): Promise<void> {
    await page.click(`.graphiql-tab:has-text("${name}") button >> nth=0`);
    await page.locator(`.graphiql-tab-active:has-text("${name}")`).waitFor();
    // While something runs the same button stops it.
    await page.click('.graphiql-execute-button[aria-label^="Execute"]');
  }

  it('shows who is signed in, also after a reload', async () => {
    await signIn();
    expect(await page.textContent('#who')).toBe(`Signed in as ${ann.username}`);
    await page.reload();
    await page.locator('#signed-in').waitFor();
    await runTab('Me');
    await says(`"username": "${ann.username}"`);
  });

  it('ends a subscription that runs at the sign-out with an answer that says why', async () => {
    await runTab('Notifications');
    const metrics = async () => (await fetch(`${world.operatorUrl}/metrics`)).text();
    await eventually(async () => /^subscriptions_open\{.*\} 1$/m.test(await metrics()));
    await signOut();
    // Either the end of the session or that of its socket comes first.
    await eventually(async () =>
      expect(await page.textContent('#graphiql')).toMatch(/The socket was closed: 4401|UNAUTHENTICATED/),
    );
    expect(failures).toEqual([]);
  });

  it('says what the gateway refuses to a subscription', async () => {
    await runTab('Notifications');
    await says('UNAUTHENTICATED');
    expect(failures).toEqual([]);
  });

  it('signs in as a demo user by one press', async () => {
    await world.post('/auth/signup', signUpForm('ann', demoEmail('ann'), DEMO_PASSWORD));
    await page.click('[data-demo=ann]');
    await eventually(async () => expect(await page.textContent('#who')).toBe('Signed in as ann'));
  });

  it('sends a picture to the store, waits until it is READY, and fills in the operation that publishes it', async () => {
    const [{ id: ownerId }] = [...world.profiles.values()].filter(({ username }) => username === 'ann') as [Profile];
    const media = aPicture({ ownerId, status: 'PROCESSING' });
    let looks = 0;
    const url = `${world.url}/a-store`;
    await page.route(url, (route) => route.fulfill({ status: 204 }));
    await world.answer(mediaRpc.createUpload, () => ({ media, url, fields: [], expiresAt: media.createdAt }));
    await world.answer(mediaRpc.completeUpload, () => media);
    await world.answer(mediaRpc.byIds, () => [
      { ...media, status: looks++ === 0 ? ('PROCESSING' as const) : ('READY' as const) },
    ]);
    await page.setInputFiles('#file', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('a picture') });
    await eventually(async () => expect(await page.textContent('#status')).toMatch(/^READY/));
    await says('createPost(input: $input)');
    await signOut();
  });

  it('has a caption at the button that opens the documentation', async () => {
    const button = `document.querySelector('.graphiql-sidebar button[aria-label$="Documentation Explorer"]')`;
    const caption = await page.evaluate(`getComputedStyle(${button}, '::after').content`);
    expect(caption).toBe('"Docs"');
  });

  it('says that the gateway is away', async () => {
    await page.route('**/auth/signin', (route) => route.abort());
    await page.click('[data-demo] >> nth=0');
    await eventually(async () => expect(await page.textContent('#status')).toMatch(/fetch/i));
    expect(failures).toEqual([]);
  });
});
