import { eventually } from '@fowergram/testing';
import {
  acceptCoAuthorship,
  change,
  comment,
  follow,
  homeFeedIds,
  inviteCoAuthor,
  like,
  relationshipWith,
  uploadPhoto,
} from '../src/actions.js';
import { drawPhoto } from '../src/photos.js';
import { type InProcessNetwork, startInProcess } from '../src/network-in-process.js';
import { postPhoto, signUpTestUser, type TestUser } from '../src/test-users.js';

interface Shown {
  byName: { id: string } | null;
  byId: { username: string } | null;
  post: { id: string } | null;
  postById: { id: string } | null;
  mine: { likedBy: { edges: object[] }; comments: { edges: object[] } };
}

const LOOK = `query ($username: String!, $userId: ID!, $theirPost: ID!, $myPost: ID!) {
  byName: user(username: $username) { id }
  byId: node(id: $userId) { ... on User { username } }
  post(id: $theirPost) { id }
  postById: node(id: $theirPost) { id }
  mine: post(id: $myPost) { likedBy { edges { node { id } } } comments { edges { node { id } } } }
}`;

let network: InProcessNetwork;
let ann: TestUser;
let bo: TestUser;

beforeAll(async () => void (network = await startInProcess()));
afterAll(() => network?.stop());
beforeEach(async () => {
  [ann, bo] = await Promise.all([signUpTestUser(network, 'ann'), signUpTestUser(network, 'bo')]);
});

/** What users decide about who sees them, through the gateway, with all five services. */
describe('Privacy', () => {
  const setPrivate = ({ client }: TestUser, isPrivate = true) =>
    client.request('mutation ($is: Boolean!) { updateProfile(input: { isPrivate: $is }) { isPrivate } }', {
      is: isPrivate,
    });
  const usersIn = async ({ client }: TestUser, list: string): Promise<string[]> => {
    const { users } = await client.request<{ users: { edges: { node: { id: string } }[] } }>(
      `{ users: ${list} { edges { node { id } } } }`,
    );
    return users.edges.map(({ node }) => node.id);
  };
  const postsOf = async ({ client }: TestUser, { username }: TestUser): Promise<number> => {
    const { user } = await client.request<{ user: { posts: { edges: object[] } } }>(
      'query ($username: String!) { user(username: $username) { posts { edges { node { id } } } } }',
      { username },
    );
    return user.posts.edges.length;
  };

  it('lets neither of two users meet the other from the answer of a block on, and brings no follow back afterwards', async () => {
    await Promise.all([follow(ann.client, bo.id), follow(bo.client, ann.id)]);
    const [annsPost, bosPost] = await Promise.all([postPhoto(ann, 'hers'), postPhoto(bo, 'his')]);
    await Promise.all([like(bo.client, annsPost), like(ann.client, bosPost)]);
    await Promise.all([comment(bo.client, annsPost, 'yes'), comment(ann.client, bosPost, 'no')]);
    const look = async (viewer: TestUser, other: TestUser, theirPost: string, myPost: string) =>
      viewer.client.request<Shown>(LOOK, { username: other.username, userId: other.id, theirPost, myPost });
    await eventually(async () => expect(await homeFeedIds(bo.client)).toContain(annsPost));
    expect(await look(bo, ann, annsPost, bosPost)).toMatchObject({
      byId: { username: ann.username },
      post: { id: annsPost },
      mine: { likedBy: { edges: [{}] }, comments: { edges: [{}] } },
    });

    await change(ann.client, 'blockUser', bo.id);
    expect(await relationshipWith(ann.client, bo.id)).toMatchObject({
      blocking: true,
      following: false,
      followedBy: false,
    });
    const nothing = { post: null, postById: null, mine: { likedBy: { edges: [] }, comments: { edges: [] } } };
    expect(await look(bo, ann, annsPost, bosPost)).toEqual({ byName: null, byId: null, ...nothing });
    expect(await look(ann, bo, bosPost, annsPost)).toMatchObject(nothing);
    expect(await homeFeedIds(bo.client)).not.toContain(annsPost);
    expect(await homeFeedIds(ann.client)).not.toContain(bosPost);
    expect([await usersIn(ann, 'blockedUsers'), await usersIn(bo, 'blockedUsers')]).toEqual([[bo.id], []]);
    await expect(follow(bo.client, ann.id)).rejects.toThrow(/no such user/);
    await expect(like(bo.client, annsPost)).rejects.toThrow(/no such post/);

    await change(ann.client, 'unblockUser', bo.id);
    expect(await look(bo, ann, annsPost, bosPost)).toMatchObject({
      post: { id: annsPost },
      mine: { likedBy: { edges: [{}] }, comments: { edges: [{}] } },
    });
    expect(await homeFeedIds(bo.client)).not.toContain(annsPost);
  });

  it('lets a private account decide who follows and sees its posts, one by one and until it thinks otherwise', async () => {
    await setPrivate(ann);
    const post = await postPhoto(ann, 'for followers');
    expect(await postsOf(bo, ann)).toBe(0);
    await change(bo.client, 'followUser', ann.id);
    expect(await relationshipWith(bo.client, ann.id)).toMatchObject({
      following: false,
      requested: true,
    });
    expect([await usersIn(ann, 'followRequests'), await usersIn(bo, 'sentFollowRequests')]).toEqual([
      [bo.id],
      [ann.id],
    ]);
    expect(await postsOf(bo, ann)).toBe(0);
    await change(ann.client, 'acceptFollowRequest', bo.id);
    expect(await postsOf(bo, ann)).toBe(1);
    await eventually(async () => expect(await homeFeedIds(bo.client)).toContain(post));
    await change(ann.client, 'removeFollower', bo.id);
    expect(await postsOf(bo, ann)).toBe(0);
    expect(await homeFeedIds(bo.client)).not.toContain(post);
  });

  it('lets whoever goes public accept all who wait, and whoever goes private keep the followers', async () => {
    const cy = await signUpTestUser(network, 'cy');
    await postPhoto(ann, 'for all');
    await follow(cy.client, ann.id);
    await setPrivate(ann);
    await follow(bo.client, ann.id);
    expect([await postsOf(cy, ann), await postsOf(bo, ann)]).toEqual([1, 0]);
    await setPrivate(ann, false);
    expect(await postsOf(bo, ann)).toBe(1);
    await setPrivate(ann);
    await eventually(async () => expect([await postsOf(cy, ann), await postsOf(bo, ann)]).toEqual([1, 1]));
    expect(await usersIn(ann, 'followRequests')).toEqual([]);
  });

  it('lets nobody know that they are muted, and shows the rest of them as before', async () => {
    await follow(bo.client, ann.id);
    const post = await postPhoto(ann, 'loud');
    await eventually(async () => expect(await homeFeedIds(bo.client)).toContain(post));
    await change(bo.client, 'muteUser', ann.id);
    expect(await relationshipWith(bo.client, ann.id)).toMatchObject({ muting: true, following: true });
    expect(await homeFeedIds(bo.client)).not.toContain(post);
    expect(await postsOf(bo, ann)).toBe(1);
    expect(await usersIn(bo, 'mutedUsers')).toEqual([ann.id]);
    await change(bo.client, 'unmuteUser', ann.id);
    await eventually(async () => expect(await homeFeedIds(bo.client)).toContain(post));
  });

  it('shows whom it may in searches, suggestions and familiar followers, and nobody who blocks or whose list is hidden', async () => {
    const cy = await signUpTestUser(network, 'cy');
    const name = 'Céline Dupont';
    await cy.client.request('mutation ($name: String!) { updateProfile(input: { displayName: $name }) { id } }', {
      name,
    });
    await Promise.all([follow(ann.client, bo.id), follow(bo.client, cy.id)]);
    const searched = () => usersIn(ann, 'searchUsers(query: "celine dup")');
    const familiar = async () => {
      const { node } = await ann.client.request<{ node: { familiarFollowers: { edges: object[] } } | null }>(
        'query ($id: ID!) { node(id: $id) { ... on User { familiarFollowers { edges { node { id } } } } } }',
        { id: cy.id },
      );
      return node?.familiarFollowers.edges;
    };
    expect(await searched()).toEqual([cy.id]);
    expect(await usersIn(ann, 'suggestedUsers')).toEqual([cy.id]);
    expect(await familiar()).toEqual([{ node: { id: bo.id } }]);
    const showLists = (shows: boolean) =>
      cy.client.request('mutation ($shows: Boolean!) { updateProfile(input: { showsFollowLists: $shows }) { id } }', {
        shows,
      });
    await showLists(false);
    expect(await familiar()).toEqual([]);
    await showLists(true);
    await change(cy.client, 'blockUser', ann.id);
    expect([await searched(), await usersIn(ann, 'suggestedUsers')]).toEqual([[], []]);
    await change(cy.client, 'unblockUser', ann.id);
    expect(await usersIn(ann, 'suggestedUsers')).toEqual([cy.id]);
    const dismiss = 'mutation ($userId: ID!) { dismissSuggestion(userId: $userId) }';
    expect(await ann.client.request(dismiss, { userId: cy.id })).toEqual({ dismissSuggestion: cy.id });
    expect([await searched(), await usersIn(ann, 'suggestedUsers')]).toEqual([[cy.id], []]);
  });
});

interface SharedPost {
  coAuthors: { id: string }[];
  invitedCoAuthors: { id: string }[];
}

/** A post that is of two users while both want it to be. */
describe('A post of two users', () => {
  const invitationsOf = async ({ client }: TestUser): Promise<string[]> => {
    const { posts } = await client.request<{ posts: { edges: { node: { id: string } }[] } }>(
      '{ posts: coAuthorInvitations { edges { node { id } } } }',
    );
    return posts.edges.map(({ node }) => node.id);
  };
  const kindsFor = async ({ client }: TestUser, postId: string): Promise<string[]> => {
    const { notifications } = await client.request<{
      notifications: { edges: { node: { kind: string; post: { id: string } | null } }[] };
    }>('{ notifications { edges { node { kind post { id } } } } }');
    return notifications.edges.filter(({ node }) => node.post?.id === postId).map(({ node }) => node.kind);
  };
  const profileOf = async ({ username }: TestUser, { client }: TestUser) => {
    const { user } = await client.request<{
      user: { postCount: number; posts: { edges: { node: { id: string } }[] } };
    }>('query ($username: String!) { user(username: $username) { postCount posts { edges { node { id } } } } }', {
      username,
    });
    return [user.postCount, user.posts.edges.map(({ node }) => node.id)];
  };
  const sharedAs = async ({ client }: TestUser, id: string) => {
    const { post } = await client.request<{ post: SharedPost }>(
      'query ($id: ID!) { post(id: $id) { coAuthors { id } invitedCoAuthors { id } } }',
      { id },
    );
    return { coAuthors: post.coAuthors.map((user) => user.id), invited: post.invitedCoAuthors.map((user) => user.id) };
  };

  it('is invited to as a draft, stands in both profiles and once in each feed, and is left, and ended by a block', async () => {
    const cy = await signUpTestUser(network, 'cy');
    await Promise.all([follow(cy.client, ann.id), follow(cy.client, bo.id)]);
    const mediaId = await uploadPhoto(ann.client, await drawPhoto({ seed: 4_711, width: 320, height: 240 }));
    const { draft } = await ann.client.request<{ draft: { id: string } }>(
      'mutation ($input: SaveDraftInput!) { draft: saveDraft(input: $input) { id } }',
      { input: { caption: 'Ours', mediaIds: [mediaId] } },
    );
    await inviteCoAuthor(ann.client, draft.id, bo.id);
    expect([await sharedAs(ann, draft.id), await invitationsOf(bo)]).toEqual([{ coAuthors: [], invited: [bo.id] }, []]);

    await ann.client.request('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: draft.id });
    await eventually(async () => expect(await kindsFor(bo, draft.id)).toEqual(['CO_AUTHOR_INVITE']));
    expect(await invitationsOf(bo)).toEqual([draft.id]);
    await acceptCoAuthorship(bo.client, draft.id);
    expect(await sharedAs(cy, draft.id)).toEqual({ coAuthors: [bo.id], invited: [] });
    for (const whose of [ann, bo]) expect(await profileOf(whose, cy)).toEqual([1, [draft.id]]);
    for (const reader of [ann, bo, cy])
      await eventually(async () => expect(await homeFeedIds(reader.client)).toEqual([draft.id]));
    await eventually(async () => {
      expect([await kindsFor(ann, draft.id), await kindsFor(bo, draft.id)]).toEqual([['CO_AUTHOR_ACCEPTED'], []]);
    });

    await bo.client.request('mutation ($id: ID!) { declineCoAuthorship(postId: $id) { postId } }', { id: draft.id });
    expect([await profileOf(ann, cy), await profileOf(bo, cy)]).toEqual([
      [1, [draft.id]],
      [0, []],
    ]);
    expect([await homeFeedIds(bo.client), await homeFeedIds(cy.client)]).toEqual([[], [draft.id]]);
    await expect(inviteCoAuthor(ann.client, draft.id, bo.id)).rejects.toThrow(/declined/);

    await inviteCoAuthor(ann.client, draft.id, cy.id);
    await acceptCoAuthorship(cy.client, draft.id);
    await change(cy.client, 'blockUser', ann.id);
    expect([await sharedAs(ann, draft.id), await profileOf(cy, bo)]).toEqual([{ coAuthors: [], invited: [] }, [0, []]]);
  });
});
