import { eventually } from '@fowergram/testing';
import { change, comment, follow, homeFeedIds, like, relationshipWith } from '../src/actions.js';
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

/** What users decide about who sees them, through the gateway, with all five services. */
describe('Privacy', () => {
  let network: InProcessNetwork;
  let ann: TestUser;
  let bo: TestUser;

  beforeAll(async () => void (network = await startInProcess()));
  afterAll(() => network?.stop());
  beforeEach(async () => {
    [ann, bo] = await Promise.all([signUpTestUser(network, 'ann'), signUpTestUser(network, 'bo')]);
  });

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
