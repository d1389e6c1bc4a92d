import { GraphQLSchemaHost } from '@nestjs/graphql';
import { type GraphQLObjectType, isObjectType } from 'graphql';
import { AppError, badInput } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { notificationRpc } from '@fowergram/contracts-notification';
import { postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { userEvent, userRpc } from '@fowergram/contracts-user';
import { newId } from '@fowergram/database';
import { eventually } from '@fowergram/testing';
import { cursorIn } from '../support/cursors.js';
import { aComment } from '../support/comments.js';
import { aPicture, aPost, aProfile, aRelation, changed } from '../support/models.js';
import { openWorld, type TestUser, type World } from '../support/world.js';

const FEED = `query Feed($first: Int, $after: String) {
  homeFeed(first: $first, after: $after) {
    edges { cursor node { id caption likeCount viewerHasLiked createdAt author { id username avatar { url(width: 300) } } media { id url(width: 600) blurhash } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

describe('the API', () => {
  let world: World;
  let ann: TestUser;

  beforeAll(async () => {
    world = await openWorld();
    ann = await world.signUp();
  });
  afterAll(() => world?.close());
  beforeEach(() => world.clearCalls());

  /** A feed of `count` posts by as many authors, each with an avatar and two pictures. */
  async function feedOf(count: number) {
    const authors = Array.from({ length: count }, () => aProfile({ avatarMediaId: newId() }));
    for (const author of authors) world.profiles.set(author.id, author);
    const posts = authors.map((author) => aPost({ authorId: author.id, mediaIds: [newId(), newId()] }));
    await world.answer(postRpc.homeFeed, () => ({
      edges: posts.map((node, index) => ({ cursor: `c${index}`, node })),
      hasNextPage: true,
    }));
    return { authors, posts };
  }

  describe('reading', () => {
    it('shows a page of the feed with authors and media in three batched calls, however long it is', async () => {
      const { authors, posts } = await feedOf(30);
      const cursor = (position: string) => cursorIn({ name: 'Query.homeFeed', viewer: ann }, position);
      const { data, errors } = await world.gql(FEED, { first: 30, after: cursor('c') }, { as: ann });
      expect(errors).toBeUndefined();
      expect(data.homeFeed.edges).toHaveLength(30);
      expect(data.homeFeed.edges[0].node).toMatchObject({
        id: `post_${posts[0]!.id}`,
        author: { id: `user_${authors[0]!.id}`, username: authors[0]!.username },
      });
      expect(data.homeFeed.edges[0].node.media.map((media: { id: string }) => media.id)).toEqual(
        posts[0]!.mediaIds.map((id) => `media_${id}`),
      );
      expect(data.homeFeed.pageInfo).toEqual({
        hasNextPage: true,
        hasPreviousPage: true,
        startCursor: cursor('c0'),
        endCursor: cursor('c29'),
      });
      expect(world.callsOf(postRpc.homeFeed).map((call) => call.input)).toEqual([
        { viewerId: ann.id, first: 30, after: 'c', takesReferences: true },
      ]);
      expect(world.callsOf(userRpc.profilesByIds)).toHaveLength(1);
      expect(world.callsOf(mediaRpc.byIds).map((call) => call.input.ids.length)).toEqual([60, 30]);
    });

    it('asks in as many calls as the contracts allow when a page is very full', async () => {
      const { posts } = await feedOf(100);
      for (const post of posts) post.mediaIds = Array.from({ length: 10 }, () => newId());
      const { data, errors } = await world.gql(FEED, { first: 100 }, { as: ann });
      expect(errors).toBeUndefined();
      expect(data.homeFeed.edges[99].node.media).toHaveLength(10);
      expect(world.callsOf(mediaRpc.byIds).map((call) => call.input.ids.length)).toEqual([250, 250, 250, 250, 100]);
    });

    it('answers the compiled query as it answered the first one', async () => {
      await feedOf(3);
      const answers = [];
      for (let i = 0; i < 5; i++) answers.push(await world.gql(FEED, {}, { as: ann }));
      expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    });

    it('keeps a page when the author of one post is gone', async () => {
      const { posts } = await feedOf(3);
      world.profiles.delete(posts[1]!.authorId);
      const { data, errors } = await world.gql(FEED, {}, { as: ann });
      expect(errors).toBeUndefined();
      expect(data.homeFeed.edges.map((edge: { cursor: string }) => edge.cursor)).toEqual(
        ['c0', 'c2'].map((position) => cursorIn({ name: 'Query.homeFeed', viewer: ann }, position)),
      );
    });

    it('lets the engine read plain fields by itself, and calls every resolver of a field without a detour', () => {
      const { schema } = world.app.get(GraphQLSchemaHost, { strict: false });
      const fields = Object.values(schema.getTypeMap())
        .filter((type) => isObjectType(type) && !/^(__|Query$|Mutation$|Subscription$)/.test(type.name))
        .flatMap((type) =>
          Object.values((type as GraphQLObjectType).getFields()).map(({ name, resolve }) => ({
            field: `${type.name}.${name}`,
            // A method that is called as it is has its own name; Nest's wrapper and its reader of plain fields have others.
            how: resolve
              ? resolve.name.replace(/^(sealed )?(bound )+/, 'direct ') === `direct ${name}`
                ? 'direct'
                : 'detour'
              : 'plain',
          })),
        );
      const namesOf = (how: string) => fields.filter((field) => field.how === how).map(({ field }) => field);
      expect(namesOf('detour')).toEqual([]);
      expect(namesOf('direct')).toEqual(
        expect.arrayContaining(['Post.author', 'Post.likedBy', 'User.posts', 'Media.url']),
      );
      expect(namesOf('plain')).toEqual(
        expect.arrayContaining([
          'Post.caption',
          'Post.viewerHasLiked',
          'User.username',
          'PostEdge.node',
          'PageInfo.endCursor',
        ]),
      );
    });

    it('chooses the smallest variant that is wide enough', async () => {
      await world.answer(postRpc.byIds, ({ ids }) => ids.map((id) => aPost({ id, authorId: ann.id })));
      const { data } = await world.gql(
        `{ post(id: "post_${newId()}") { media { a: url(width: 1) b: url(width: 321) c: url(width: 9999) d: url } } }`,
      );
      const widths = Object.values(data.post.media[0] as Record<string, string>).map(
        (url) => /(\d+)\.webp/.exec(url)?.[1],
      );
      expect(widths).toEqual(['320', '640', '1080', '1080']);
    });

    it('counts followers and posts of many users in one call each', async () => {
      const { authors } = await feedOf(10);
      const { data } = await world.gql(
        '{ homeFeed { edges { node { author { followerCount followingCount postCount relationship { following } } } } } }',
        {},
        { as: ann },
      );
      expect(data.homeFeed.edges).toHaveLength(authors.length);
      for (const contract of [userRpc.countsByIds, postRpc.countsByAuthors, userRpc.relationships])
        expect(world.callsOf(contract)).toHaveLength(1);
    });

    it('runs the operation that is named, also when the document has several', async () => {
      const document = 'query A { a: __typename } query B { b: __typename }';
      for (let i = 0; i < 4; i++) {
        const a = await world.post('/graphql', { query: document, operationName: 'A' });
        const b = await world.post('/graphql', { query: document, operationName: 'B' });
        expect([await a.json(), await b.json()]).toEqual([{ data: { a: 'Query' } }, { data: { b: 'Query' } }]);
      }
    });

    it('finds by id whatever the viewer may see, and nothing else', async () => {
      const comment = aComment({ authorId: ann.id });
      await world.answer(postRpc.commentsByIds, () => [comment]);
      await world.answer(mediaRpc.byIds, ({ ids }) => ids.map((id) => aPicture({ id, ownerId: ann.id })));
      const node = (id: string, as?: TestUser) =>
        world.gql('query ($id: ID!) { node(id: $id) { __typename id } }', { id }, { as });
      for (const id of [`user_${ann.id}`, `post_${newId()}`, `media_${newId()}`, `comment_${comment.id}`]) {
        expect((await node(id, ann)).data.node).toMatchObject({ id });
      }
      const hidden = await node(`media_${newId()}`);
      expect([hidden.data, hidden.errors]).toEqual([{ node: null }, undefined]);
      await world.answer(postRpc.byIds, () => []);
      const underHidden = await node(`comment_${comment.id}`, ann);
      expect([underHidden.data, underHidden.errors]).toEqual([{ node: null }, undefined]);
      await world.answer(postRpc.byIds, ({ ids }) => ids.map((id) => aPost({ id })));
    });

    it('shows a changed profile within a moment of its change', async () => {
      const { authors } = await feedOf(1);
      const names = async () =>
        (
          (await world.gql(FEED, {}, { as: ann })).data.homeFeed.edges as { node: { author: { username: string } } }[]
        ).map((edge) => edge.node.author.username);
      await names();
      world.profiles.set(authors[0]!.id, { ...authors[0]!, username: 'new_name' });
      await world.messaging.publish(userEvent.profileUpdated, { userId: authors[0]!.id });
      await eventually(async () => (await names())[0] === 'new_name', 900);
    });
  });

  describe('errors', () => {
    const codeOf = async (query: string, as?: TestUser) => (await world.gql(query, {}, { as })).errors?.[0]?.extensions;

    it.each([
      ['me', '{ me { id } }'],
      ['homeFeed', '{ homeFeed { pageInfo { hasNextPage } } }'],
      ['notifications', '{ notifications { pageInfo { hasNextPage } } }'],
      ['likePost', `mutation { likePost(postId: "post_${newId()}") { id } }`],
    ])('asks for a session: %s', async (_name, query) => {
      const { status, errors } = await world.gql(query);
      expect([status, errors?.[0]?.extensions.code]).toEqual([200, 'UNAUTHENTICATED']);
    });

    it.each([
      ['a malformed id', '{ post(id: "nonsense") { id } }', ['id']],
      ['an id of something else', `{ post(id: "user_${newId()}") { id } }`, ['id']],
      ['an id in upper case', `{ node(id: "post_${newId().toUpperCase()}") { id } }`, ['id']],
      [
        'an id inside an input',
        `mutation { createPost(input: { caption: "", mediaIds: ["media_${newId()}", "x"] }) { id } }`,
        ['input', 'mediaIds', 1],
      ],
      ['a page that is too long', '{ homeFeed(first: 101) { pageInfo { hasNextPage } } }', ['first']],
      ['a page of less than nothing', '{ notifications(first: -1) { pageInfo { hasNextPage } } }', ['first']],
      [
        'a long caption',
        `mutation { createPost(input: { caption: "${'x'.repeat(2_201)}", mediaIds: ["media_${newId()}"] }) { id } }`,
        ['input', 'caption'],
      ],
      ['no media', 'mutation { createPost(input: { caption: "", mediaIds: [] }) { id } }', ['input', 'mediaIds']],
      [
        'an empty comment',
        `mutation { createComment(input: { postId: "post_${newId()}", text: " " }) { id } }`,
        ['input', 'text'],
      ],
      ['a bad username', 'mutation { updateProfile(input: { username: "a b" }) { id } }', ['input', 'username']],
      [
        'a file that is too large',
        'mutation { createMediaUpload(input: { contentType: "image/png", byteSize: 99999999 }) { url } }',
        ['input', 'byteSize'],
      ],
      [
        'a file that is no picture',
        'mutation { createMediaUpload(input: { contentType: "text/html", byteSize: 9 }) { url } }',
        ['input', 'contentType'],
      ],
    ])('points at %s before any service is asked', async (_name, query, path) => {
      expect(await codeOf(query, ann)).toMatchObject({ code: 'BAD_USER_INPUT', path });
    });

    it("points at the client's argument where the owner names its own field", async () => {
      await world.answer(userRpc.follow, () => {
        throw new AppError('NOT_FOUND', 'There is no such user.', { path: ['followeeId'] });
      });
      await world.answer(postRpc.create, () => {
        throw badInput(['mediaIds', 0], 'This is not yours.', 'NOT_YOURS');
      });
      expect(await codeOf(`mutation { followUser(userId: "user_${newId()}") { following } }`, ann)).toMatchObject({
        code: 'NOT_FOUND',
        path: ['userId'],
      });
      expect(
        await codeOf(`mutation { createPost(input: { caption: "", mediaIds: ["media_${newId()}"] }) { id } }`, ann),
      ).toMatchObject({
        code: 'BAD_USER_INPUT',
        reason: 'NOT_YOURS',
        path: ['input', 'mediaIds', 0],
      });
    });

    it('shows nothing of a defect but a correlation id', async () => {
      await world.answer(notificationRpc.unreadCount, () => {
        throw new Error('select secret from table');
      });
      const { errors, headers } = await world.gql(
        '{ unreadNotificationCount }',
        {},
        { as: ann, headers: { 'x-correlation-id': 'my-id-1' } },
      );
      expect(errors?.[0]?.extensions).toEqual({ code: 'INTERNAL', correlationId: 'my-id-1' });
      expect(headers.get('x-correlation-id')).toBe('my-id-1');
      expect(JSON.stringify(errors)).not.toContain('secret');
      expect(world.callsOf(notificationRpc.unreadCount)[0]?.envelope.correlationId).toBe('my-id-1');
      await world.answer(notificationRpc.unreadCount, () => ({ count: 7 }));
    });

    it('keeps the rest when one service is away', async () => {
      await world.answer(userRpc.relationships, () => {
        throw new AppError('UNAVAILABLE', 'away');
      });
      const { data, errors } = await world.gql(
        'query ($name: String!) { user(username: $name) { username relationship { following } } }',
        { name: (await world.signUp()).username },
        { as: ann },
      );
      expect([data.user.relationship, errors?.[0]?.extensions.code, errors?.[0]?.path]).toEqual([
        null,
        'UNAVAILABLE',
        ['user', 'relationship'],
      ]);
      expect(data.user.username).toBeTruthy();
    });

    it.each([
      ['broken JSON', '{"query":', 'application/json', 400, 'BAD_USER_INPUT'],
      ['a form', 'query={me{id}}', 'application/x-www-form-urlencoded', 415, 'BAD_USER_INPUT'],
      ['plain text', '{"query":"{me{id}}"}', 'text/plain', 415, 'BAD_USER_INPUT'],
      ['a batch', '[{"query":"{me{id}}"}]', 'application/json', 400, 'BAD_USER_INPUT'],
      ['no query', '{}', 'application/json', 400, 'BAD_USER_INPUT'],
      ['a huge body', `{"query":"${' '.repeat(1_100_000)}"}`, 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
      ['a syntax error', '{"query":"{ me {"}', 'application/json', 400, 'BAD_USER_INPUT'],
      ['an unknown field', '{"query":"{ nothing }"}', 'application/json', 400, 'BAD_USER_INPUT'],
      [
        'variables that are no object',
        '{"query":"{ __typename }","variables":[1]}',
        'application/json',
        400,
        'BAD_USER_INPUT',
      ],
      [
        'a variable of the wrong type',
        '{"query":"query ($n: Int!) { homeFeed(first: $n) { pageInfo { hasNextPage } } }","variables":{"n":"x"}}',
        'application/json',
        400,
        'BAD_USER_INPUT',
      ],
    ])('refuses %s', async (_name, body, type, status, code) => {
      const response = await fetch(`${world.url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body });
      const { errors } = (await response.json()) as {
        errors: { extensions: { code: string; correlationId: string } }[];
      };
      expect([response.status, errors[0]?.extensions.code]).toEqual([status, code]);
      expect(errors[0]?.extensions.correlationId).toBeTruthy();
    });

    it('serves no operation over GET without a proof that no foreign page asks', async () => {
      expect((await fetch(`${world.url}/graphql?query={__typename}`)).status).toBe(400);
    });
  });

  describe('writing', () => {
    it('scopes an Idempotency-Key to the viewer and the mutation field', async () => {
      await world.answer(postRpc.like, ({ postId }) => aPost({ id: postId, authorId: ann.id }));
      const query = `mutation { one: likePost(postId: "post_${newId()}") { id } two: likePost(postId: "post_${newId()}") { id } }`;
      await world.gql(query, {}, { as: ann, headers: { 'idempotency-key': 'key 1' } });
      expect(world.callsOf(postRpc.like).map((call) => call.envelope.idempotencyKey)).toEqual([
        `${ann.id}:key 1:one`,
        `${ann.id}:key 1:two`,
      ]);
      expect(world.callsOf(userRpc.profilesByIds).map((call) => call.envelope.idempotencyKey)).not.toContain(
        `${ann.id}:key 1:one`,
      );
    });

    it.each([
      ['an empty one', ''],
      ['a long one', 'x'.repeat(201)],
      ['one beyond ASCII', 'clé'],
    ])('refuses %s as an Idempotency-Key', async (_name, key) => {
      const query = `mutation { likePost(postId: "post_${newId()}") { id } }`;
      const { status, errors } = await world.gql(query, {}, { as: ann, headers: { 'idempotency-key': key } });
      expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
      expect(world.callsOf(postRpc.like)).toHaveLength(0);
    });

    it("puts a follow into force, and with it the viewer's feed, before it is answered, and follows also when that fails", async () => {
      const changes = { relations: [aRelation({ viewerId: ann.id, follows: true })], accounts: [] };
      await world.answer(userRpc.follow, ({ followeeId }) => ({
        ...changed({ userId: followeeId, following: true }),
        changes,
      }));
      const bo = newId();
      const follow = () =>
        world.gql(`mutation { followUser(userId: "user_${bo}") { following followedBy } }`, {}, { as: ann });
      expect((await follow()).data.followUser).toEqual({ following: true, followedBy: false });
      expect(world.callsOf(userRpc.follow).map((call) => call.input)).toEqual([{ followerId: ann.id, followeeId: bo }]);
      for (const contract of [postRpc.applyVisibility, notificationRpc.applyVisibility])
        expect(world.callsOf(contract).map((call) => call.input)).toEqual([changes]);
      await world.answer(postRpc.applyVisibility, () => {
        throw new AppError('UNAVAILABLE', 'away');
      });
      expect((await follow()).data.followUser).toEqual({ following: true, followedBy: false });
    });

    it('passes on every field of an upload and of a post', async () => {
      const media = aPicture({ status: 'AWAITING_UPLOAD', variants: [], width: null });
      await world.answer(mediaRpc.createUpload, () => ({
        media,
        url: 'http://store',
        fields: [{ name: 'key', value: 'k' }],
        expiresAt: '2026-11-21T09:30:00.000Z',
      }));
      const upload = await world.gql(
        'mutation { createMediaUpload(input: { contentType: "image/png", byteSize: 9, altText: " sea " }) { url fields { name value } expiresAt media { id status url width } } }',
        {},
        { as: ann },
      );
      expect(upload.data.createMediaUpload).toEqual({
        url: 'http://store',
        fields: [{ name: 'key', value: 'k' }],
        expiresAt: '2026-11-21T09:30:00.000Z',
        media: { id: `media_${media.id}`, status: 'AWAITING_UPLOAD', url: null, width: null },
      });
      expect(world.callsOf(mediaRpc.createUpload)[0]?.input).toEqual({
        ownerId: ann.id,
        contentType: 'image/png',
        byteSize: 9,
        altText: 'sea',
      });

      await world.answer(postRpc.create, ({ authorId, mediaIds }) => aPost({ authorId, mediaIds }));
      await world.gql(
        `mutation { createPost(input: { caption: "hi", mediaIds: ["media_${media.id}"], location: "Berlin", commentsDisabled: true }) { id author { username } } }`,
        {},
        { as: ann },
      );
      expect(world.callsOf(postRpc.create)[0]?.input).toEqual({
        authorId: ann.id,
        caption: 'hi',
        mediaIds: [media.id],
        location: 'Berlin',
        commentsDisabled: true,
      });
    });

    it('gives a post its audience, when it is made and later', async () => {
      await world.answer(postRpc.create, ({ authorId, audience }) => aPost({ authorId, audience }));
      await world.answer(postRpc.update, ({ id, userId, audience = 'PUBLIC' }) =>
        aPost({ id, authorId: userId, audience }),
      );
      const input = { caption: '', mediaIds: [`media_${newId()}`], audience: 'CLOSE_FRIENDS' };
      const made = await world.gql(
        'mutation ($input: CreatePostInput!) { createPost(input: $input) { id audience } }',
        { input },
        { as: ann },
      );
      expect(made.data.createPost.audience).toBe('CLOSE_FRIENDS');
      const change =
        'mutation ($id: ID!, $input: UpdatePostInput!) { updatePost(id: $id, input: $input) { id audience } }';
      const { id } = made.data.createPost;
      for (const audience of ['FOLLOWERS', null]) {
        const { data } = await world.gql(change, { id, input: { audience } }, { as: ann });
        expect(data.updatePost).toEqual({ id, audience: audience ?? 'PUBLIC' });
      }
      expect(world.callsOf(postRpc.update).map((call) => call.input)).toEqual([
        { id: id.replace('post_', ''), userId: ann.id, audience: 'FOLLOWERS' },
        { id: id.replace('post_', ''), userId: ann.id },
      ]);
      const wrong = await world.gql(`mutation { updatePost(id: "user_${ann.id}", input: {}) { id } }`, {}, { as: ann });
      expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['id'] });
    });

    it('says who may comment a post when it is made, changed or drafted, and where that contradicts itself', async () => {
      await world.answer(postRpc.create, ({ commentPolicy }) => aPost({ authorId: ann.id, commentPolicy }));
      await world.answer(postLifeRpc.saveDraft, ({ commentPolicy }) => aPost({ authorId: ann.id, commentPolicy }));
      await world.answer(postRpc.update, () => {
        throw badInput(['commentsDisabled'], 'Say one of the two.');
      });
      const made = await world.gql(
        `mutation {
          createPost(input: { caption: "", mediaIds: ["media_${newId()}"], commentPolicy: FOLLOWERS }) { commentPolicy }
          saveDraft(input: { commentPolicy: NOBODY }) { commentPolicy }
        }`,
        {},
        { as: ann },
      );
      expect(made.data).toEqual({
        createPost: { commentPolicy: 'FOLLOWERS' },
        saveDraft: { commentPolicy: 'NOBODY' },
      });
      const update = (input: string) =>
        world.gql(`mutation { updatePost(id: "post_${newId()}", input: ${input}) { id } }`, {}, { as: ann });
      const both = await update('{ commentPolicy: FOLLOWERS, commentsDisabled: true }');
      expect(both.errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        path: ['input', 'commentsDisabled'],
      });
      expect(world.callsOf(postRpc.update).at(-1)?.input).toMatchObject({
        commentPolicy: 'FOLLOWERS',
        commentsDisabled: true,
      });
      const unknown = await update('{ commentPolicy: FRIENDS }');
      expect(unknown.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    });

    it('changes only what an update names, and null removes the avatar', async () => {
      await world.answer(userRpc.updateProfile, ({ userId }) => world.profiles.get(userId)!);
      await world.gql('mutation { updateProfile(input: { bio: "hi", avatarMediaId: null }) { id } }', {}, { as: ann });
      await world.gql('mutation { updateProfile(input: { displayName: "Ann" }) { id } }', {}, { as: ann });
      expect(world.callsOf(userRpc.updateProfile).map((call) => call.input)).toEqual([
        { userId: ann.id, bio: 'hi', avatarMediaId: null },
        { userId: ann.id, displayName: 'Ann' },
      ]);
    });

    it('names the place of a link that leads nowhere safe, before anybody is asked', async () => {
      const { errors } = await world.gql(
        'mutation { updateProfile(input: { links: ["https://example.com", "javascript:alert(1)"] }) { id } }',
        {},
        { as: ann },
      );
      expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['input', 'links', 1] });
      expect(world.callsOf(userRpc.updateProfile)).toEqual([]);
    });

    it('answers how many notifications are still unread', async () => {
      await world.answer(notificationRpc.markRead, () => ({ unreadCount: 3 }));
      const id = newId();
      const { data } = await world.gql(
        `mutation { markNotificationsRead(upTo: "notification_${id}") { id unreadCount } }`,
        {},
        { as: ann },
      );
      expect(data.markNotificationsRead).toEqual({ id: `notification-summary_${ann.id}`, unreadCount: 3 });
      expect(world.callsOf(notificationRpc.markRead)[0]?.input).toEqual({ recipientId: ann.id, upToId: id });
    });
  });
});
