import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { uploadPhoto } from '../src/actions.js';
import { GraphqlError } from '../src/app-client.js';
import type { TestUser } from '../src/test-users.js';
import { drawPhoto } from '../src/photos.js';
import { randomFrom } from '../src/random.js';
import { edge, emptyModel, livePosts, type Model } from './model.js';

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
  const model = emptyModel();
  let stopping = false;
  const actors = users.map((user, index) =>
    act(new Actor(user, users, model, randomFrom(seed + index)), () => stopping),
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
    await actor.step();
    await pause(15);
  }
}

class Actor {
  constructor(
    private readonly me: TestUser,
    private readonly users: TestUser[],
    private readonly model: Model,
    private readonly random: () => number,
  ) {}

  async step(): Promise<void> {
    const dice = this.random();
    if (dice < 0.12) return this.post();
    if (dice < 0.5) return this.toggleLike();
    if (dice < 0.72) return this.comment();
    if (dice < 0.97) return this.toggleFollow();
    return this.deletePost();
  }

  private async post(): Promise<void> {
    const caption = `caption ${randomUUID()}`;
    const mediaId = await this.untilDone(async () =>
      uploadPhoto(this.me.client, await drawPhoto({ seed: Math.floor(this.random() * 1_000), width: 96, height: 64 })),
    );
    const { createPost } = await this.write<{ createPost: { id: string } }>(
      'mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }',
      { input: { caption, mediaIds: [mediaId] } },
    );
    this.model.posts.set(createPost.id, { authorId: this.me.id, caption, deleted: false });
  }

  private async toggleLike(): Promise<void> {
    const postId = this.anyPost();
    if (!postId) return;
    const wanted = !this.model.likes.get(edge(this.me.id, postId));
    const done = await this.writeToPost(
      postId,
      `mutation ($postId: ID!) { ${wanted ? 'likePost' : 'unlikePost'}(postId: $postId) { id } }`,
      { postId },
    );
    if (done) this.model.likes.set(edge(this.me.id, postId), wanted);
  }

  private async comment(): Promise<void> {
    const postId = this.anyPost();
    if (!postId) return;
    const text = `comment ${randomUUID()}`;
    const done = await this.writeToPost<{ createComment: { id: string } }>(
      postId,
      'mutation ($input: CreateCommentInput!) { createComment(input: $input) { id } }',
      { input: { postId, text } },
    );
    if (done) this.model.comments.set(done.createComment.id, { postId, authorId: this.me.id, text });
  }

  private async toggleFollow(): Promise<void> {
    const other = this.users[Math.floor(this.random() * this.users.length)]!;
    if (other === this.me) return;
    const wanted = !this.model.follows.get(edge(this.me.id, other.id));
    await this.write(
      `mutation ($userId: ID!) { ${wanted ? 'followUser' : 'unfollowUser'}(userId: $userId) { following } }`,
      { userId: other.id },
    );
    this.model.follows.set(edge(this.me.id, other.id), wanted);
  }

  private async deletePost(): Promise<void> {
    const mine = livePosts(this.model).find((id) => this.model.posts.get(id)!.authorId === this.me.id);
    if (!mine) return;
    const done = await this.writeToPost(mine, 'mutation ($id: ID!) { deletePost(id: $id) { id } }', { id: mine });
    if (done) this.model.posts.get(mine)!.deleted = true;
  }

  private anyPost(): string | undefined {
    const posts = livePosts(this.model);
    return posts[Math.floor(this.random() * posts.length)];
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

/** The media service or its queue was hit in the middle of an upload: the app starts that upload again. */
const isStoreBreak = (error: unknown): boolean =>
  error instanceof Error && /still (PROCESSING|AWAITING_UPLOAD)|object store answered/.test(error.message);

function mayPass(error: unknown): boolean {
  if (!(error instanceof GraphqlError)) return true;
  const { code, reason } = error.errors[0]?.extensions ?? {};
  return PASSING.has(code ?? '') || code === 'INTERNAL' || reason === 'IDEMPOTENCY_KEY_IN_FLIGHT';
}
