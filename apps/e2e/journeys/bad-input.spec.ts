import { bombPng, eventually } from '@fowergram/testing';
import {
  completeUpload,
  createPost,
  createUpload,
  homeFeedIds,
  sendFile,
  settledMedia,
  uploadPhoto,
} from '../src/actions.js';
import { type Network, startNetwork } from '../src/network.js';
import { postPhoto, type TestUser, signUpTestUser } from '../src/test-users.js';
import { drawPhoto } from '../src/photos.js';

describe('the whole network', () => {
  let network: Network;
  let ann: TestUser;
  let bo: TestUser;

  beforeAll(async () => {
    network = await startNetwork();
    [ann, bo] = await Promise.all([signUpTestUser(network, 'ann'), signUpTestUser(network, 'bo')]);
  }, 120_000);

  afterAll(async () => {
    await network?.stop();
  }, 60_000);

  it('answers UNAUTHENTICATED without a session', async () => {
    const nobody = network.client();
    for (const operation of [
      '{ me { id } }',
      '{ homeFeed { edges { cursor } } }',
      'mutation { likePost(postId: "post_01900000-0000-7000-8000-000000000000") { id } }',
    ]) {
      expect((await nobody.answer(operation)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
  });

  it('makes a taken username a field error that leaves no account', async () => {
    const email = 'late@users.test';
    const answer = await network
      .client()
      .signUp({ email, password: 'correct horse 1', username: ann.username.toUpperCase() });
    expect(answer).toMatchObject({ status: 'FIELD_ERROR', formFields: [{ id: 'username' }] });
    expect((await network.client().signIn(email, 'correct horse 1')).status).toBe('WRONG_CREDENTIALS_ERROR');
  });

  it('makes a malformed username a field error', async () => {
    const answer = await network
      .client()
      .signUp({ email: 'odd@users.test', password: 'correct horse 1', username: 'no spaces!' });
    expect(answer).toMatchObject({ status: 'FIELD_ERROR', formFields: [{ id: 'username' }] });
  });

  it('leaves a username free when the e-mail exists already', async () => {
    const username = `free_${Date.now().toString(36)}`;
    const taken = await network.client().signUp({ email: ann.email, password: 'correct horse 1', username });
    expect(taken).toMatchObject({ status: 'FIELD_ERROR', formFields: [{ id: 'email' }] });
    expect(
      (await network.client().signUp({ email: `${username}@users.test`, password: 'correct horse 1', username }))
        .status,
    ).toBe('OK');
  });

  it('gives a name to exactly one of many who ask for it at once', async () => {
    const username = `race_${Date.now().toString(36)}`;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        network.client().signUp({ email: `r${index}.${username}@users.test`, password: 'correct horse 1', username }),
      ),
    );
    expect(answers.filter((answer) => answer.status === 'OK')).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 'FIELD_ERROR')).toHaveLength(7);
  }, 60_000);

  it.each([
    [
      'a caption that is too long',
      { caption: 'x'.repeat(2_201), mediaIds: ['media_01900000-0000-7000-8000-000000000000'] },
      ['input', 'caption'],
    ],
    ['no media', { caption: 'x', mediaIds: [] }, ['input', 'mediaIds']],
    ['something that is not an id', { caption: 'x', mediaIds: ['nonsense'] }, ['input', 'mediaIds', 0]],
  ])('points at the field that is wrong: %s', async (_what, input, path) => {
    const { errors } = await ann.client.answer(
      'mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }',
      { input },
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path });
  });

  it('does not post someone else’s picture', async () => {
    const mediaId = await uploadPhoto(bo.client, await drawPhoto({ seed: 5, width: 320, height: 240 }));
    await expect(createPost(ann.client, [mediaId], 'Mine now')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await ann.client.answer('query ($id: ID!) { node(id: $id) { id } }', { id: mediaId })).toEqual({
      data: { node: null },
    });
    expect(await homeFeedIds(ann.client)).toEqual([]);
  });

  it.each([
    ['a page of HTML', Buffer.from('<!doctype html><script>alert(1)</script>'), 'image/jpeg'],
    ['a picture of 50,000 × 50,000 pixels', bombPng(50_000, 50_000), 'image/png'],
  ])('rejects %s and says why', async (_what, bytes, contentType) => {
    const upload = await createUpload(ann.client, contentType, bytes.byteLength);
    expect((await sendFile(upload, bytes, contentType)).ok).toBe(true);
    await completeUpload(ann.client, upload.media.id);
    const media = await settledMedia(ann.client, upload.media.id);
    expect(media.status).toBe('REJECTED');
    expect(media.rejectionReason).toBeTruthy();
    await expect(createPost(ann.client, [media.id], 'x')).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('refuses 0 bytes before anything is uploaded', async () => {
    await expect(createUpload(ann.client, 'image/jpeg', 0)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('refuses a file of another size or type than was announced, at the store', async () => {
    const photo = await drawPhoto({ seed: 6, width: 320, height: 240 });
    const small = await createUpload(ann.client, 'image/jpeg', photo.byteLength - 1);
    expect((await sendFile(small, photo, 'image/jpeg')).ok).toBe(false);
    await expect(completeUpload(ann.client, small.media.id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('leaves nothing of a refused upload in the store', async () => {
    const objects = async () => (await listObjects(network)).filter((name) => name.startsWith('uploads/'));
    await eventually(async () => (await objects()).length === 0);
  });

  it.each([
    ['/me/profile', '/me', (index: number) => ({ bio: `From device ${index}` })],
    ['/me/preferences', '/me/preferences', (index: number) => ({ altText: index % 2 ? 'REMIND' : 'REQUIRE' })],
    ['/posts/{id}', '/posts/{id}', (index: number) => ({ caption: `From device ${index}` })],
  ])('lets one of five devices that have read the same change it over REST: %s', async (changed, read, bodyOf) => {
    const id = changed.startsWith('/posts') ? await postPhoto(bo, 'Before') : '';
    const ask = (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) =>
      fetch(`${network.url}/api/v1${path.replace('{id}', id)}`, {
        ...init,
        headers: { authorization: `Bearer ${bo.client.token}`, 'content-type': 'application/json', ...headers },
      });
    const etag = (await ask(read)).headers.get('etag')!;
    const change = (index: number) =>
      ask(changed, { method: 'PATCH', body: JSON.stringify(bodyOf(index)) }, { 'if-match': etag });
    const answers = await Promise.all([0, 1, 2, 3, 4].map(change));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
    const winner = answers.findIndex(({ status }) => status === 200);
    expect(await (await ask(read)).json()).toMatchObject(bodyOf(winner));
  });
});

async function listObjects({ stack }: Network): Promise<string[]> {
  const { Client } = await import('minio');
  const endpoint = new URL(stack.env.MINIO_ENDPOINT!);
  const client = new Client({
    endPoint: endpoint.hostname,
    port: Number(endpoint.port),
    useSSL: false,
    accessKey: stack.env.MINIO_ACCESS_KEY!,
    secretKey: stack.env.MINIO_SECRET_KEY!,
  });
  const names: string[] = [];
  for await (const item of client.listObjectsV2(stack.env.MINIO_BUCKET!, '', true))
    names.push((item as { name: string }).name);
  return names;
}
