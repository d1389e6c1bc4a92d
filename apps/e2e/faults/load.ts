import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@fowergram/testing';
import { uploadPhoto } from '../src/actions.js';
import { GraphqlError } from '../src/app-client.js';
import type { TestUser } from '../src/test-users.js';
import { drawPhoto } from '../src/photos.js';
import { randomFrom } from '../src/random.js';
import {
  addFollow,
  becomePublic,
  edge,
  emptyModel,
  endFollow,
  isBlocked,
  isOn,
  livePosts,
  type Model,
  seesPostsOf,
} from './model.js';
import { UserLocks } from './user-locks.js';

/** A write deadline of 5 s plus what a loaded machine of two cores adds. */
const HONEST_WITHIN_MS = 9_000;
const RETRY_FOR_MS = 60_000;
const PASSING = new Set(['UNAVAILABLE', 'RATE_LIMITED']);

export interface Load {
  model: Model;
  /** Ends when every request under way is acknowledged. */
  stop(): Promise<void>;
}

/** Lets each user act at random, one request after the other; a request that fails is repeated with its key until it is acknowledged. */
export function startLoad(users: TestUser[], seed: number): Load {
  const [model, locks] = [emptyModel(), new UserLocks()];
  let stopping = false;
  const actors = users.map((user, index) =>
    act(new Actor(user, users, model, locks, randomFrom(seed + index)), () => stopping),
  );
  return {
    model,
    stop: async () => {
      stopping = true;
      await Promise.all(actors);
    },
  };
}

async function act(actor: Actor, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await actor.stepOrDefect();
    await pause(15);
  }
}

class Actor {
  constructor(
    private readonly me: TestUser,
    private readonly users: TestUser[],
    private readonly model: Model,
    private readonly locks: UserLocks,
    private readonly random: () => number,
  ) {}

  /** What is not there, or is not as it was acknowledged, is a defect; the user goes on. */
  async stepOrDefect(): Promise<void> {
    try {
      await this.step();
    } catch (error) {
      if (!isLoss(error)) throw error;
      this.model.defects.push(`I1 ${this.me.username}: ${error.message}`);
    }
  }

  private async step(): Promise<void> {
    const dice = this.random();
    if (dice < 0.1) return this.post();
    if (dice < 0.42) return this.toggleLike();
    if (dice < 0.6) return this.comment();
    if (dice < 0.78) return this.toggleFollow();
    if (dice < 0.83) return this.toggleBlock();
    if (dice < 0.86) return this.togglePrivate();
    if (dice < 0.94) return this.look();
    if (dice < 0.97) return this.hideForAWhile();
    return this.deletePost();
  }

  private async post(): Promise<void> {
    const caption = `caption ${randomUUID()}`;
    const mediaId = await this.untilDone(async () =>
      uploadPhoto(this.me.client, await drawPhoto({ seed: Math.floor(this.random() * 1_000), width: 96, height: 64 })),
    );
    const id = await (this.random() < 0.5 ? this.postNow(caption, mediaId) : this.postInASecond(caption, mediaId));
    this.model.posts.set(id, { authorId: this.me.id, caption, deleted: false });
  }

  private async postNow(caption: string, mediaId: string): Promise<string> {
    const { createPost } = await this.write<{ createPost: { id: string } }>(
      'mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }',
      { input: { caption, mediaIds: [mediaId] } },
    );
    return createPost.id;
  }

  /** Others count on the post when it has gone out. A request that comes back late asks for a later time. */
  private async postInASecond(caption: string, mediaId: string): Promise<string> {
    const { saveDraft } = await this.write<{ saveDraft: { id: string } }>(
      'mutation ($input: SaveDraftInput!) { saveDraft(input: $input) { id } }',
      { input: { caption, mediaIds: [mediaId] } },
    );
    const { id } = saveDraft;
    await this.untilDone(() => this.schedule(id, new Date(Date.now() + 1_000)));
    const isOut = async () => {
      const { data } = await this.me.client.answer<{ post: { state: string } | null }>(
        'query ($id: ID!) { post(id: $id) { state } }',
        { id },
      );
      return data?.post?.state === 'PUBLISHED';
    };
    await eventually(isOut, RETRY_FOR_MS).catch((cause: unknown) => {
      throw new NeverOut(`The post ${id} was to go out a second after its acknowledgement.`, { cause });
    });
    return id;
  }

  /** A post that went out by an earlier request of the same is as wanted. */
  private async schedule(id: string, publishAt: Date): Promise<void> {
    const mutation =
      'mutation ($id: ID!, $publishAt: DateTime!) { schedulePost(id: $id, publishAt: $publishAt) { id } }';
    await this.me.client.request(mutation, { id, publishAt: publishAt.toISOString() }).catch((error: unknown) => {
      if (!(error instanceof GraphqlError) || error.errors[0]?.extensions.reason !== 'POST_STATE') throw error;
    });
  }

  /** Takes a post back and gives it again; nobody counts on the author's posts meanwhile, and all that hangs on it comes back. */
  private async hideForAWhile(): Promise<void> {
    await this.locks.exclusive([this.me.id], async () => {
      const id = livePosts(this.model).find((each) => this.model.posts.get(each)!.authorId === this.me.id);
      const [hide, show] = this.random() < 0.5 ? ['archivePost', 'unarchivePost'] : ['deletePost', 'restorePost'];
      for (const mutation of id ? [hide, show] : [])
        await this.write(`mutation ($id: ID!) { ${mutation}(id: $id) { id } }`, { id });
    });
  }

  private toggleLike(): Promise<void> {
    return this.atSomePost(async (postId) => {
      const wanted = !this.model.likes.get(edge(this.me.id, postId));
      const done = await this.writeToPost(
        postId,
        `mutation ($postId: ID!) { ${wanted ? 'likePost' : 'unlikePost'}(postId: $postId) { id } }`,
        { postId },
      );
      if (done) this.model.likes.set(edge(this.me.id, postId), wanted);
    });
  }

  private comment(): Promise<void> {
    return this.atSomePost(async (postId) => {
      const text = `comment ${randomUUID()}`;
      const done = await this.writeToPost<{ createComment: { id: string } }>(
        postId,
        'mutation ($input: CreateCommentInput!) { createComment(input: $input) { id } }',
        { input: { postId, text } },
      );
      if (done) this.model.comments.set(done.createComment.id, { postId, authorId: this.me.id, text });
    });
  }

  private async toggleFollow(): Promise<void> {
    const other = this.somebodyElse();
    if (!other) return;
    await this.locks.shared([other.id], async () => {
      const { follows, requests } = this.model;
      if (isBlocked(this.model, this.me.id, other.id)) return;
      const wanted = !isOn(follows, this.me.id, other.id) && !isOn(requests, this.me.id, other.id);
      await this.toUser(wanted ? 'followUser' : 'unfollowUser', other);
      (wanted ? addFollow : endFollow)(this.model, this.me.id, other.id);
    });
  }

  private async toggleBlock(): Promise<void> {
    const other = this.somebodyElse();
    if (!other) return;
    await this.locks.exclusive([this.me.id, other.id], async () => {
      const wanted = !isOn(this.model.blocks, this.me.id, other.id);
      await this.toUser(wanted ? 'blockUser' : 'unblockUser', other);
      this.model.blocks.set(edge(this.me.id, other.id), wanted);
      endFollow(this.model, this.me.id, other.id);
      endFollow(this.model, other.id, this.me.id);
    });
  }

  private togglePrivate(): Promise<void> {
    return this.locks.exclusive([this.me.id], async () => {
      const isPrivate = !this.model.privates.has(this.me.id);
      await this.write('mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }', {
        input: { isPrivate },
      });
      if (isPrivate) this.model.privates.add(this.me.id);
      else becomePublic(this.model, this.me.id);
    });
  }

  /** Reads somebody's post while nobody changes who sees it. */
  private async look(): Promise<void> {
    const posts = [...this.model.posts];
    const [id, post] = posts[Math.floor(this.random() * posts.length)] ?? [];
    if (!id || !post) return;
    await this.locks.shared([post.authorId], async () => {
      const { data, errors } = await this.me.client.answer<{ post: object | null }>(
        'query ($id: ID!) { post(id: $id) { id caption } }',
        { id },
      );
      const isSeen = data?.post != null;
      const maySee = seesPostsOf(this.model, this.me.id, post.authorId);
      if (isSeen && !maySee) this.model.defects.push(`I10 ${this.me.username} sees post ${id}`);
      if (!isSeen && !errors && maySee && !post.deleted) this.model.missed.add(id);
    });
  }

  private async deletePost(): Promise<void> {
    const mine = livePosts(this.model).find((id) => this.model.posts.get(id)!.authorId === this.me.id);
    if (!mine) return;
    const done = await this.writeToPost(mine, 'mutation ($id: ID!) { deletePost(id: $id) { id } }', { id: mine });
    if (done) this.model.posts.get(mine)!.deleted = true;
  }

  /** Does something to a post that the user sees, while nobody changes that. */
  private async atSomePost(work: (postId: string) => Promise<void>): Promise<void> {
    const posts = livePosts(this.model);
    const postId = posts[Math.floor(this.random() * posts.length)];
    if (!postId) return;
    const { authorId } = this.model.posts.get(postId)!;
    await this.locks.shared([authorId], async () => {
      if (seesPostsOf(this.model, this.me.id, authorId)) await work(postId);
    });
  }

  private somebodyElse(): TestUser | undefined {
    const other = this.users[Math.floor(this.random() * this.users.length)]!;
    return other === this.me ? undefined : other;
  }

  private toUser(mutation: string, { id }: TestUser): Promise<unknown> {
    return this.write(`mutation ($userId: ID!) { ${mutation}(userId: $userId) { id } }`, { userId: id });
  }

  /** Undefined when the post is not there: deleted by its author meanwhile, or lost. */
  private async writeToPost<T>(postId: string, mutation: string, variables: object): Promise<T | undefined> {
    try {
      return await this.write<T>(mutation, variables);
    } catch (error) {
      if (!(error instanceof GraphqlError) || error.code !== 'NOT_FOUND') throw error;
      this.model.missed.add(postId);
      return undefined;
    }
  }

  private async write<T>(mutation: string, variables: object): Promise<T> {
    const idempotencyKey = randomUUID();
    const data = await this.untilDone(() => this.me.client.request<T>(mutation, variables, { idempotencyKey }));
    this.model.acknowledged++;
    return data;
  }

  private async untilDone<T>(request: () => Promise<T>): Promise<T> {
    const giveUpAt = Date.now() + RETRY_FOR_MS;
    for (;;) {
      const startedAt = Date.now();
      try {
        return await request();
      } catch (error) {
        const ms = Date.now() - startedAt;
        if (!(error instanceof GraphqlError) && !isStoreBreak(error))
          this.model.defects.push(`an untyped failure: ${String(error)}`);
        if (error instanceof GraphqlError && error.code === 'INTERNAL')
          this.model.defects.push(`INTERNAL: ${error.message}`);
        if (error instanceof GraphqlError && ms > HONEST_WITHIN_MS)
          this.model.defects.push(`${error.code} after ${ms} ms`);
        if (!mayPass(error) || Date.now() > giveUpAt) throw error;
        this.model.retried++;
        await pause(100);
      }
    }
  }
}

class NeverOut extends Error {}

const isLoss = (error: unknown): error is Error =>
  error instanceof NeverOut ||
  (error instanceof GraphqlError && (error.code === 'NOT_FOUND' || error.code === 'CONFLICT'));

/** The media service or its queue was hit in the middle of an upload: the app starts that upload again. */
const isStoreBreak = (error: unknown): boolean =>
  error instanceof Error && /still (PROCESSING|AWAITING_UPLOAD)|object store answered/.test(error.message);

function mayPass(error: unknown): boolean {
  if (!(error instanceof GraphqlError)) return true;
  const { code, reason } = error.errors[0]?.extensions ?? {};
  return PASSING.has(code ?? '') || code === 'INTERNAL' || reason === 'IDEMPOTENCY_KEY_IN_FLIGHT';
}
