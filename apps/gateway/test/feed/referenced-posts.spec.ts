import { newId } from '@fowergram/database';
import type { Post, PostReference } from '@fowergram/contracts-post';
import type { RequestContext } from '../../src/api/context/request-context.js';
import { PostRevisionsCache } from '../../src/feed/post-revisions.cache.js';
import { withRevisions } from '../../src/feed/referenced-posts.js';
import { aPost } from '../support/models.js';

const REFERENCED = { revision: '7', likeCount: 3, commentCount: 2, viewerHasLiked: true };

function world(stored: Post[], revision = '7') {
  const asked: string[][] = [];
  const shared = { postRevisions: new PostRevisionsCache() };
  const ask = (_: unknown, { references }: { references: PostReference[] }) => {
    asked.push(references.map(({ id }) => id));
    const wanted = new Map(references.map((reference) => [reference.id, reference.revision]));
    return Promise.resolve(stored.filter(({ id }) => wanted.get(id) === revision).map((post) => ({ revision, post })));
  };
  return { asked, context: { shared, ask } as unknown as RequestContext };
}

const pageOf = (...nodes: (Post | PostReference)[]) => ({
  edges: [],
  references: nodes.map((node) => ({ cursor: `c:${node.id}`, node })),
  hasNextPage: false,
});

describe('a page of references', () => {
  const post = aPost({ id: newId(), caption: 'held' });
  const other = aPost({ id: newId(), caption: 'whole' });

  it('becomes whole posts in their order, each with the counts of this reading', async () => {
    const { context } = world([post]);
    const page = await withRevisions(pageOf(other, { id: post.id, ...REFERENCED }), context);
    const { revision: _revision, ...counts } = REFERENCED;
    expect(page).toEqual({
      edges: [
        { cursor: `c:${other.id}`, node: other },
        { cursor: `c:${post.id}`, node: { ...post, ...counts } },
      ],
      hasNextPage: false,
    });
  });

  it('asks for a revision once, and shows each viewer their own counts', async () => {
    const { context, asked } = world([post]);
    const likedBy = async (viewerHasLiked: boolean) => {
      const page = await withRevisions(pageOf({ id: post.id, ...REFERENCED, viewerHasLiked }), context);
      return page!.edges[0]!.node.viewerHasLiked;
    };
    expect([await likedBy(true), await likedBy(false), await likedBy(true)]).toEqual([true, false, true]);
    expect(asked).toEqual([[post.id]]);
  });

  it('is nothing where a post has changed since, and shows no other revision than the one that the viewer was given', async () => {
    const { context } = world([post], '8');
    context.shared.postRevisions.store({ revision: '6', post });
    expect(await withRevisions(pageOf({ id: post.id, ...REFERENCED }), context)).toBeUndefined();
  });

  it('asks for the next revision, which takes the place of the one before', async () => {
    const { context, asked } = world([post], '8');
    context.shared.postRevisions.store({ revision: '7', post: { ...post, caption: 'before' } });
    const page = await withRevisions(pageOf({ id: post.id, ...REFERENCED, revision: '8' }), context);
    expect([page?.edges[0]?.node.caption, asked]).toEqual([post.caption, [[post.id]]]);
    expect(context.shared.postRevisions.get({ id: post.id, revision: '7' })).toBeUndefined();
  });

  it('is passed on as it comes from a service that knows no references', async () => {
    const { context, asked } = world([]);
    const page = { edges: [{ cursor: 'c', node: post }], hasNextPage: true };
    expect([await withRevisions(page, context), asked]).toEqual([page, []]);
  });
});

describe('the revisions that are held', () => {
  it.each<[string, Partial<Post>, number]>([
    ['captions', { caption: 'x'.repeat(2_200) }, 2_200],
    ['hashtags', { hashtags: Array.from({ length: 30 }, () => 'x'.repeat(70)) }, 2_100],
    ['media', { mediaIds: Array.from({ length: 10 }, () => newId()) }, 360],
  ])('are bounded by their bytes, whatever %s they have', (_, texts, characters) => {
    const cache = new PostRevisionsCache();
    const posts = Array.from({ length: 40_000 }, () => aPost({ id: newId(), ...texts }));
    for (const post of posts) cache.store({ revision: '1', post });
    const held = posts.filter(({ id }) => cache.get({ id, revision: '1' })).length;
    expect(held).toBeGreaterThan(1_000);
    expect(held * (600 + 2 * characters)).toBeLessThanOrEqual(32 * 1024 * 1024);
  });
});
