import { randomUUID } from 'node:crypto';
import { comment, follow, homeFeedIds, report, uploadPhoto } from '../src/actions.js';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import { setRole } from '../src/operators.js';
import { drawPhoto } from '../src/photos.js';
import { postPhoto, signUpTestUser, type TestUser } from '../src/test-users.js';

interface ReportShown {
  id: string;
  state: string;
  outcome: string | null;
  reportCount: number | null;
  subject: { id: string; hiddenReason?: string | null } | null;
}

const REPORT = `id state outcome reportCount subjectId note resolutionNote
  subject { id ... on Post { hiddenReason author { id } } ... on Comment { hiddenReason post { id } } }`;
const HIDING = { outcome: 'CONTENT_HIDDEN', note: 'No weapons, please.' };

describe('Reports', () => {
  let network: InProcessNetwork;
  let ann: TestUser, bo: TestUser, cy: TestUser, mo: TestUser;

  beforeAll(async () => {
    network = await startInProcess({ extra: { gateway: { EMAIL_VERIFICATION: 'off' } } });
    [ann, bo, cy, mo] = (await Promise.all(['ann', 'bo', 'cy', 'mo'].map((name) => signUpTestUser(network, name)))) as [
      TestUser,
      TestUser,
      TestUser,
      TestUser,
    ];
    await setRole(network, mo.username, 'MODERATOR');
    await mo.client.signIn(mo.email, mo.password);
    await Promise.all([follow(bo.client, ann.id), follow(cy.client, ann.id)]);
  }, 60_000);
  afterAll(() => network?.stop());

  const node = async ({ client }: TestUser, id: string): Promise<ReportShown | null> =>
    (
      await client.request<{ node: ReportShown | null }>(
        `query ($id: ID!) { node(id: $id) { id ... on Report { ${REPORT} } } }`,
        { id },
      )
    ).node;
  const sees = async (user: TestUser, id: string): Promise<boolean> => (await node(user, id)) !== null;
  const resolve = async (id: string, more: object) =>
    (
      await mo.client.request<{ resolveReport: ReportShown }>(
        `mutation ($input: ResolveReportInput!) { resolveReport(input: $input) { ${REPORT} } }`,
        { input: { id, ...more } },
      )
    ).resolveReport;
  const queue = async ({ client }: TestUser, args: string) =>
    (
      await client.request<{ reports: { edges: { node: ReportShown }[] } }>(
        `{ reports(${args}) { edges { node { ${REPORT} relatedReports { edges { node { id reason note } } } } } } }`,
      )
    ).reports.edges.map((edge) => edge.node);
  const myReports = async ({ client }: TestUser) =>
    (
      await client.request<{ myReports: { edges: { node: ReportShown }[] } }>(
        `{ myReports { edges { node { ${REPORT} } } } }`,
      )
    ).myReports.edges.map((edge) => edge.node);
  const hiddenReasonOf = async ({ client }: TestUser, id: string) =>
    (
      await client.request<{ post: { hiddenReason: string | null } | null }>(
        'query ($id: ID!) { post(id: $id) { hiddenReason } }',
        { id },
      )
    ).post?.hiddenReason;

  it('take what was reported from the reporter at once, and from nobody else', async () => {
    const post = await postPhoto(ann, 'Mine');
    const said = await comment(bo.client, post, 'Hm');
    expect(await homeFeedIds(cy.client)).toContain(post);
    await report(cy.client, said);
    expect([await sees(cy, said), await sees(ann, said), await sees(bo, said)]).toEqual([false, true, true]);
    await report(cy.client, post);
    expect([await sees(cy, post), await sees(ann, post), await sees(bo, post)]).toEqual([false, true, true]);
    expect(await homeFeedIds(cy.client)).not.toContain(post);
    expect(await homeFeedIds(bo.client)).toContain(post);
  });

  it('reach moderators as one, and each reporter learns the outcome and the author the reason', async () => {
    const post = await postPhoto(ann, 'Swords');
    const [first, second] = [await report(bo.client, post, 'VIOLENCE'), await report(cy.client, post, 'OTHER', 'Look')];
    expect(await report(cy.client, post, 'OTHER')).toBe(second);
    const [row] = await queue(mo, 'state: OPEN, first: 1');
    expect(row).toMatchObject({
      id: first,
      reportCount: 2,
      subject: { id: post, hiddenReason: null, author: { id: ann.id } },
    });
    expect(row).toMatchObject({
      relatedReports: { edges: [{ node: { id: second, reason: 'OTHER', note: 'Look' } }, { node: { id: first } }] },
    });
    expect(await resolve(second, HIDING)).toMatchObject({
      state: 'RESOLVED',
      outcome: 'CONTENT_HIDDEN',
      resolutionNote: HIDING.note,
      subject: { id: post, hiddenReason: HIDING.note },
    });
    for (const [reporter, id] of [
      [bo, first],
      [cy, second],
    ] as const) {
      const learnt = { id, outcome: 'CONTENT_HIDDEN', reportCount: null, resolutionNote: null, subject: null };
      expect(await node(reporter, id)).toMatchObject(learnt);
      expect((await myReports(reporter))[0]).toMatchObject(learnt);
    }
    expect([await node(ann, first), await node(bo, second)]).toEqual([null, null]);
    expect(await hiddenReasonOf(ann, post)).toBe(HIDING.note);
    expect([await sees(bo, post), await sees(mo, post)]).toEqual([false, true]);
    expect((await queue(mo, 'mine: true')).map(({ id }) => id)).toEqual([first]);
  });

  it('lead to content that a moderator hides and shows again, with a reason each', async () => {
    const post = await postPhoto(ann, 'Again');
    const change = (field: string) =>
      mo.client.request(
        `mutation ($id: ID!) { ${field}(subjectId: $id, reason: "Wait.") { id ... on Post { hiddenReason } } }`,
        { id: post },
      );
    expect(await change('hideContent')).toEqual({ hideContent: { id: post, hiddenReason: 'Wait.' } });
    expect([await sees(bo, post), await hiddenReasonOf(ann, post)]).toEqual([false, 'Wait.']);
    expect(await change('restoreContent')).toEqual({ restoreContent: { id: post, hiddenReason: null } });
    expect([await sees(bo, post), await hiddenReasonOf(ann, post)]).toEqual([true, null]);
  });

  it('answer the same under the same key, and what was hidden stays so', async () => {
    const post = await postPhoto(ann, 'Key');
    const options = { idempotencyKey: randomUUID() };
    const send = () =>
      bo.client.request(
        'mutation ($input: ReportInput!) { report(input: $input) { id state createdAt } }',
        { input: { subjectId: post, reason: 'SPAM' } },
        options,
      );
    expect(await send()).toEqual(await send());
    expect(await sees(bo, post)).toBe(false);
  });

  describe('refuse bad input, and nothing is written:', () => {
    const INPUT = 'mutation ($input: ReportInput!) { report(input: $input) { id } }';
    const ofNobody = '01900000-0000-7000-8000-000000000000';
    let dan: TestUser, post: string, media: string;
    beforeAll(async () => {
      dan = await signUpTestUser(network, 'dan');
      post = await postPhoto(ann, 'Fine');
      media = await uploadPhoto(dan.client, await drawPhoto({ seed: 7, width: 64, height: 48 }));
    });
    afterEach(async () => expect(await myReports(dan)).toEqual([]));

    it.each([
      ['an unknown user', () => ({ subjectId: `user_${ofNobody}` }), 'NOT_FOUND', 'subjectId'],
      ['an unknown post', () => ({ subjectId: `post_${ofNobody}` }), 'NOT_FOUND', 'subjectId'],
      ['an unknown comment', () => ({ subjectId: `comment_${ofNobody}` }), 'NOT_FOUND', 'subjectId'],
      [
        'a user’s id as that of a post',
        () => ({ subjectId: ann.id.replace('user', 'post') }),
        'NOT_FOUND',
        'subjectId',
      ],
      ['a picture', () => ({ subjectId: media }), 'BAD_USER_INPUT', 'subjectId'],
      ['what is no id', () => ({ subjectId: '../etc' }), 'BAD_USER_INPUT', 'subjectId'],
      ['oneself', () => ({ subjectId: dan.id }), 'BAD_USER_INPUT', 'subjectId'],
      ['a note that is too long', () => ({ subjectId: post, note: 'x'.repeat(1_001) }), 'BAD_USER_INPUT', 'note'],
      ['a note that cannot be stored', () => ({ subjectId: post, note: 'a\0b' }), 'BAD_USER_INPUT', 'note'],
    ])('such as %s', async (_what, input, code, field) => {
      const { errors } = await dan.client.answer(INPUT, { input: { reason: 'SPAM', ...input() } });
      expect(errors?.[0]?.extensions).toMatchObject({ code, path: ['input', field] });
    });

    it('a note of 1 MB', async () => {
      const { errors } = await dan.client.answer(INPUT, {
        input: { subjectId: post, reason: 'SPAM', note: 'x'.repeat(1_000_000) },
      });
      expect(errors?.[0]?.extensions.code).toBe('PAYLOAD_TOO_LARGE');
    });

    it('a hundred at once', async () => {
      const fields = Array.from({ length: 100 }, (_, index) => `r${index}: report(input: $input) { id }`).join(' ');
      const { errors } = await dan.client.answer(`mutation ($input: ReportInput!) { ${fields} }`, {
        input: { subjectId: post, reason: 'SPAM' },
      });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    });

    it('of those who are no moderators, all that is for moderators', async () => {
      const input = { id: `report_${ofNobody}`, outcome: 'NO_ACTION' };
      for (const [document, variables] of [
        ['{ reports { edges { cursor } } }', {}],
        ['mutation ($input: ResolveReportInput!) { resolveReport(input: $input) { id } }', { input }],
        ['mutation ($id: ID!) { hideContent(subjectId: $id, reason: "x") { id } }', { id: post }],
        ['mutation ($id: ID!) { restoreContent(subjectId: $id, reason: "x") { id } }', { id: post }],
      ] as const)
        expect((await dan.client.answer(document, variables)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    });
  });
});
