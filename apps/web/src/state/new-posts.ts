import { createStore } from 'zustand/vanilla';
import { type FowergramClient, FowergramError, type QueueEntry, type QueueEvent } from '@fowergram/client';
import { createPost, type CreatePostData, type CreatePostVariables } from '@fowergram/client/operations';
import type { Changes } from './changes.js';
import type { Feed } from './feed.js';
import type { Posts } from './posts.js';

export interface NewPost {
  /** That of its change once it waits in the queue. */
  id: string;
  caption: string;
  /** The picture as it was chosen; none after a reload. */
  preview: string | null;
  step: 'UPLOADING' | 'PUBLISHING' | 'FAILED';
  /** How much of the picture has arrived. */
  share: number;
  error: string | null;
}

export interface Draft {
  file: File;
  caption: string;
  altText: string;
}

const TRY_AGAIN_AFTER_MS = 10_000;
const LOOK_AGAIN_AFTER_MS = 5_000;

/** Posts on their way: first the picture, then the post, which waits in the queue until it is done. */
export class NewPosts {
  readonly store = createStore<NewPost[]>(() => []);
  private readonly drafts = new Map<string, Draft>();
  private readonly closing = new AbortController();
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly client: FowergramClient,
    private readonly changes: Changes,
    private readonly posts: Posts,
    private readonly feed: Feed,
  ) {
    changes.onEvent((event) => this.handle(event));
    addEventListener('beforeunload', this.askBeforeLoss);
  }

  /** Follows the queue, which other tabs send, too, and in which an earlier visit may have left something. */
  watch(): void {
    const look = () => void this.followQueue().catch(() => undefined);
    this.timer = setInterval(look, LOOK_AGAIN_AFTER_MS);
    look();
  }

  start(draft: Draft): void {
    const id = crypto.randomUUID();
    this.drafts.set(id, draft);
    const preview = URL.createObjectURL(draft.file);
    const post: NewPost = { id, caption: draft.caption, preview, step: 'UPLOADING', share: 0, error: null };
    this.store.setState((posts) => [post, ...posts], true);
    void this.send(id, draft);
  }

  async retry(id: string): Promise<void> {
    const draft = this.drafts.get(id);
    this.patch(id, { step: draft ? 'UPLOADING' : 'PUBLISHING', error: null });
    await (draft ? this.send(id, draft) : this.changes.retry(id));
  }

  async discard(id: string): Promise<void> {
    if (!this.drafts.has(id)) await this.changes.discard(id);
    this.remove(id);
  }

  close(): void {
    this.closing.abort();
    clearInterval(this.timer);
    removeEventListener('beforeunload', this.askBeforeLoss);
    for (const { id } of this.store.getState()) this.remove(id);
  }

  /** A picture that is not sent would be lost if the page were closed. */
  private readonly askBeforeLoss = (event: Event) => void (this.drafts.size > 0 && event.preventDefault());

  private async followQueue(): Promise<void> {
    const before = this.store.getState();
    const entries = (await this.changes.list()).filter(({ text }) => text === createPost.toString());
    const isQueued = (id: string) => entries.some((entry) => entry.id === id);
    for (const { id } of before) if (!this.drafts.has(id) && !isQueued(id)) this.remove(id);
    this.store.setState((posts) => {
      const find = (id: string) => posts.find((post) => post.id === id);
      return [...posts.filter(({ id }) => !isQueued(id)), ...entries.map((entry) => waiting(entry, find(entry.id)))];
    }, true);
  }

  private async send(id: string, draft: Draft): Promise<void> {
    try {
      const media = await this.upload(id, draft);
      const input = { caption: draft.caption, mediaIds: [media.id] };
      const changeId = await this.changes.keep(createPost, { input });
      this.drafts.delete(id);
      this.store.setState((posts) => posts.filter((post) => post.id !== changeId), true);
      this.patch(id, { id: changeId, step: 'PUBLISHING', share: 1 });
    } catch (error) {
      const { message } = error as Error;
      this.patch(id, { step: 'FAILED', error: message });
    }
  }

  /** A picture waits for its network as long as the page is open. */
  private async upload(id: string, { file, altText }: Draft) {
    const { signal } = this.closing;
    const options = { ...(altText && { altText }), signal, onProgress: (share: number) => this.patch(id, { share }) };
    for (;;) {
      try {
        return await this.client.upload(file, options);
      } catch (error) {
        if (!(error instanceof FowergramError) || !error.retryable) throw error;
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_AFTER_MS));
      }
    }
  }

  private handle(event: QueueEvent): void {
    if (event.kind === 'FAILED') this.patch(event.id, { step: 'FAILED', error: event.error.message });
    if (event.kind !== 'SENT') return;
    const { createPost: post } = (event.data ?? {}) as Partial<CreatePostData>;
    this.remove(event.id);
    if (post) this.feed.add(this.posts.keep([post])[0]!);
  }

  private patch(id: string, values: Partial<NewPost>): void {
    this.store.setState((posts) => posts.map((post) => (post.id === id ? { ...post, ...values } : post)), true);
  }

  private remove(id: string): void {
    this.drafts.delete(id);
    const gone = this.store.getState().find((post) => post.id === id);
    if (gone?.preview) URL.revokeObjectURL(gone.preview);
    this.store.setState((posts) => posts.filter((post) => post.id !== id), true);
  }
}

/** A change in the queue as a post on its way. */
function waiting({ id, variables, state, error }: QueueEntry, before: NewPost | undefined): NewPost {
  const { caption } = (variables as CreatePostVariables).input;
  const step = state === 'FAILED' ? 'FAILED' : 'PUBLISHING';
  return { id, caption, preview: before?.preview ?? null, step, share: 1, error: error?.message ?? null };
}
