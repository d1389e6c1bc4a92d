import { NEWEST, OLDEST, type Page } from '@fowergram/contracts-core';
import { type Comment, postRpc } from '@fowergram/contracts-post';
import { FIRST_REPLIES, OF_POST, OF_POSTS, REPLIES } from '../src/comments/comment-lists.repository.js';
import { requestErasure, untilErased, wrongCounts } from './erasure-kit.js';
import { block, relate, relationOf, setAccount } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

describe('comments and likes of a blocked pair', () => {
  let world: World;

  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  /** A post of ann's, which bo and cy have liked and commented, and ann has answered. */
  async function scene() {
    const [ann, bo, cy, dee] = newUserIds(4) as [string, string, string, string];
    const post = await world.post(ann);
    const comments: Record<string, string> = {};
    for (const [name, userId] of Object.entries({ bo, cy, ann })) {
      comments[name] = (await world.call(postRpc.createComment, { postId: post.id, authorId: userId, text: name })).id;
      await world.call(postRpc.like, { postId: post.id, userId });
    }
    return { ann, bo, cy, dee, post, comments };
  }

  /** Whose comments and likes a viewer is shown, by each of the ways. */
  async function shownTo({ post, comments }: Awaited<ReturnType<typeof scene>>, viewerId: string | null) {
    const [list, byIds, likers] = await Promise.all([
      world.call(postRpc.comments, { postId: post.id, viewerId }),
      world.call(postRpc.commentsByIds, { ids: Object.values(comments), viewerId }),
      world.call(postRpc.likers, { postId: post.id, viewerId }),
    ]);
    const commenters = list.edges.map(({ node }) => node.authorId);
    expect(byIds.map(({ authorId }) => authorId).sort()).toEqual([...commenters].sort());
    expect(likers.edges.map(({ node }) => node)).toEqual(commenters);
    return commenters;
  }

  it('are hidden from everybody under the post of one of them while the block lasts, and are there again after it', async () => {
    const there = await scene();
    const { ann, bo, cy, dee } = there;
    await block(world, ann, bo);
    for (const viewer of [ann, cy, dee, null]) expect(await shownTo(there, viewer)).toEqual([ann, cy]);
    await block(world, ann, bo, false);
    for (const viewer of [ann, bo, cy, dee, null]) expect(await shownTo(there, viewer)).toEqual([ann, cy, bo]);
  });

  it('are hidden from the two alone under the post of somebody else', async () => {
    const there = await scene();
    const { ann, bo, cy, dee } = there;
    await block(world, cy, bo);
    expect(await shownTo(there, cy)).toEqual([ann, cy]);
    expect(await shownTo(there, bo)).toEqual([ann, bo]);
    for (const viewer of [ann, dee, null]) expect(await shownTo(there, viewer)).toEqual([ann, cy, bo]);
  });

  it('are still counted, since they are there', async () => {
    const { ann, bo, cy, post } = await scene();
    await block(world, ann, bo);
    const [seen] = await world.call(postRpc.byIds, { ids: [post.id], viewerId: cy });
    expect(seen).toMatchObject({ likeCount: 3, commentCount: 3 });
  });

  describe('of whom one has written thousands', () => {
    const SEEN = 5;
    let post: string;
    let top: string;
    const shown: Record<'comments' | 'replies', string[]> = { comments: [], replies: [] };

    // Each fifth part of what is seen stands behind a fifth of the others.
    beforeAll(async () => {
      const [ann, bo, cy] = newUserIds(3) as [string, string, string];
      post = (await world.post(ann)).id;
      top = (await world.call(postRpc.createComment, { postId: post, authorId: ann, text: 'Say something' })).id;
      await block(world, ann, bo);
      for (const [list, topId] of [['comments', null] as const, ['replies', top] as const]) {
        await world.db.query(SAY, [post, bo, topId, 3_500, 0, 1]);
        shown[list] = (await world.db.query<{ id: string }>(SAY, [post, cy, topId, SEEN, 350, 700])).map(
          ({ id }) => id,
        );
      }
      shown.comments.push(top);
      await world.db.query('analyze comment');
    });

    afterAll(() => world.db.query(`delete from comment where post_id = $1 and text = 'crowd'`, [post]));

    type TwoWays = { first: number; after?: string } | { last: number; before?: string };

    /** Ids of all pages, and how many there were. */
    async function read(
      ask: (page: TwoWays) => Promise<Page<Comment>>,
      isForward: boolean,
    ): Promise<[string[], number]> {
      const ids: string[] = [];
      let place: string | undefined;
      for (let pages = 1; ; pages++) {
        const page = isForward
          ? await ask({ first: 2, ...(place && { after: place }) })
          : await ask({ last: 2, ...(place && { before: place }) });
        ids.push(...page.edges.map(({ node }) => node.id));
        if (!page.hasNextPage) return [ids.sort(), pages];
        place = page.next ?? (isForward ? page.edges.at(-1) : page.edges[0])!.cursor;
      }
    }

    it.each(['NEWEST', 'OLDEST', 'TOP'] as const)(
      'are passed over in bounded steps, in the order %s',
      async (order) => {
        for (const isForward of [true, false]) {
          const ask = (page: TwoWays) => world.call(postRpc.comments, { viewerId: null, postId: post, order, ...page });
          const [ids, pages] = await read(ask, isForward);
          expect(ids).toEqual([...shown.comments].sort());
          expect(pages).toBeLessThanOrEqual(6);
        }
      },
    );

    it('are passed over in bounded steps among replies', async () => {
      for (const isForward of [true, false]) {
        const [ids] = await read(
          (page) => world.call(postRpc.replies, { viewerId: null, commentId: top, ...page }),
          isForward,
        );
        expect(ids).toEqual([...shown.replies].sort());
      }
    });

    it('leave the pages of several lists short, which go on', async () => {
      const [ofPost] = await world.call(postRpc.commentsOfPosts, {
        viewerId: null,
        postIds: [post],
        first: 3,
        order: 'NEWEST',
      });
      const [ofComment] = await world.call(postRpc.repliesToComments, { viewerId: null, commentIds: [top], first: 3 });
      for (const page of [ofPost!.page, ofComment!.page]) {
        expect(page.edges.length).toBeLessThan(3);
        expect(page).toMatchObject({ hasNextPage: true, next: expect.any(String) as string });
      }
    });

    it.each([
      ['comments', OF_POST['NEWEST forward'], () => [null, post, 3, NEWEST.at, NEWEST.id]],
      ['comments by likes', OF_POST['TOP forward'], () => [null, post, 3, 2 ** 31 - 1, NEWEST.id]],
      ['comments of several posts', OF_POSTS.NEWEST, () => [null, [post], 3]],
      ['replies', REPLIES.forward, () => [null, top, 3, OLDEST.at, OLDEST.id]],
      ['replies to several comments', FIRST_REPLIES, () => [null, [top], 3]],
    ])('are looked at up to a bound by the statement that reads %s', async (_what, statement, values) => {
      const [row] = await world.db.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (analyze, format json) ${statement}`,
        values(),
      );
      expect(rowsOf(row!['QUERY PLAN'][0].Plan)).toBeLessThanOrEqual(520);
    });
  });

  it('cannot be taken away by either, as if they were not there', async () => {
    const { ann, bo, post, comments } = await scene();
    await block(world, ann, bo);
    for (const userId of [ann, bo])
      await expect(world.call(postRpc.deleteComment, { id: comments.bo!, userId })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    await expect(world.call(postRpc.unlike, { postId: post.id, userId: bo })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('are replaced on a page by what comes behind them', async () => {
    const there = await scene();
    const { ann, bo, cy, post, comments } = there;
    await block(world, ann, cy);
    const page = { postId: post.id, viewerId: bo, first: 2 };
    expect((await world.call(postRpc.comments, page)).edges.map(({ node }) => node.id)).toEqual([
      comments.ann,
      comments.bo,
    ]);
    expect((await world.call(postRpc.likers, page)).edges.map(({ node }) => node)).toEqual([ann, bo]);
  });

  it('are hidden from nobody but the reporter where one has reported the other, who may delete them from under their own post', async () => {
    const there = await scene();
    const { ann, bo, cy, dee } = there;
    await relate(world, ann, bo, { reported: true });
    expect(await shownTo(there, ann)).toEqual([ann, cy]);
    for (const viewer of [bo, cy, dee, null]) expect(await shownTo(there, viewer)).toEqual([ann, cy, bo]);
    await relate(world, cy, bo, { reported: true });
    expect(await shownTo(there, cy)).toEqual([ann, cy]);
    expect(await world.call(postRpc.deleteComment, { id: there.comments.bo!, userId: ann })).toMatchObject({
      deleted: true,
    });
  });

  it('leave no row behind when one of the two is erased', async () => {
    const [ann, bo] = newUserIds(2) as [string, string];
    await world.post(ann);
    await block(world, ann, bo);
    await setAccount(world, ann, { isPrivate: true });
    await requestErasure(world, ann);
    await untilErased(world, ann);
    await block(world, ann, bo);
    await relate(world, bo, ann, { follows: true });
    await setAccount(world, ann, { isPrivate: true });
    const rows = await world.db.query('select 1 as row from relation where $1 in (viewer_id, author_id)', [ann]);
    const known = await world.db.query('select 1 as row from hidden_account where user_id = $1', [ann]);
    expect([rows, known]).toEqual([[], []]);
  });

  it('are shown to nobody after the answer to a block that came at the same time, and are counted as often as they are there', async () => {
    const [ann, ...others] = newUserIds(26) as [string, ...string[]];
    const post = await world.post(ann);
    const acts = others.flatMap((userId) => [
      world.call(postRpc.like, { postId: post.id, userId }),
      world.call(postRpc.createComment, { postId: post.id, authorId: userId, text: 'hi' }),
    ]);
    await Promise.all([...others.map((userId) => block(world, ann, userId)), Promise.allSettled(acts)]);
    for (const viewerId of [ann, null]) {
      const list = { postId: post.id, viewerId };
      expect((await world.call(postRpc.likers, list)).edges).toEqual([]);
      expect((await world.call(postRpc.comments, list)).edges).toEqual([]);
    }
    expect(await wrongCounts(world)).toEqual([]);
  });

  it('is decided without a failure where many say it of the same users at once, in whatever order', async () => {
    const users = newUserIds(6);
    const pairs = users.flatMap((one) => users.filter((other) => other !== one).map((other) => [one, other] as const));
    const saidAtOnce = Array.from({ length: 50 }, (_, index) => {
      const relations = pairs.map(([viewer, author]) => relationOf(viewer, author, { blocked: true }));
      const accounts = users.map((userId) => ({ userId, version: index + 1, hidden: false, isPrivate: false }));
      const inOrder = <T>(list: T[]): T[] => (index % 2 === 0 ? list : list.toReversed());
      return world.call(postRpc.applyVisibility, { relations: inOrder(relations), accounts: inOrder(accounts) });
    });
    expect((await Promise.allSettled(saidAtOnce)).filter(({ status }) => status === 'rejected')).toEqual([]);
  });
});

interface PlanNode {
  'Actual Rows': number;
  'Actual Loops': number;
  'Relation Name'?: string;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** How many comments a statement has read. */
function rowsOf(node: PlanNode): number {
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  const below = (node.Plans ?? []).map(rowsOf).reduce((sum, rows) => sum + rows, 0);
  return below + (node['Relation Name'] === 'comment' ? own : 0);
}

/** Says something so many times, from this time on with so much in between. */
const SAY = `
  insert into comment (id, post_id, author_id, top_id, parent_id, text, created_at, like_count)
  select gen_random_uuid(), $1, $2, $3::uuid, $3::uuid, 'crowd', now() + ($5::integer + n * $6::integer) * interval '1 second', ($5::integer + n * $6::integer) % 3000
  from generate_series(0, $4::integer - 1) n returning id`;
