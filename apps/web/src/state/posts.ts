import { createStore } from 'zustand/vanilla';
import { document } from '@fowergram/client';
import type { FowergramClient } from '@fowergram/client';
import type { PostCard } from '@fowergram/client/operations';

export type ShownPost = PostCard & { repostOf?: PostCard | null };

const COUNTS = document<{ post: Partial<PostCard> | null }, { id: string }>(
  'query Counts($id: ID!) { post(id: $id) { id likeCount commentCount repostCount viewerHasLiked } }',
);
const PICTURES = document<{ post: Pick<PostCard, 'media'> | null }, { id: string }>(
  `query Pictures($id: ID!) { post(id: $id) { media { id kind status rejectionCode rejectionReason width height blurhash
   altText urlsExpireAt variants { name url width height contentType byteSize } } } }`,
);

/** Every post that a page shows, once: what changes in one place changes in all. */
export class Posts {
  readonly store = createStore<Record<string, ShownPost>>(() => ({}));

  constructor(private readonly client: FowergramClient) {}

  /** Keeps posts as the server has answered them; returns their ids. */
  keep(posts: ShownPost[]): string[] {
    this.store.setState(Object.fromEntries(posts.map((post) => [post.id, post])));
    return posts.map(({ id }) => id);
  }

  get(id: string): ShownPost | undefined {
    return this.store.getState()[id];
  }

  patch(id: string, values: Partial<ShownPost>): void {
    const post = this.get(id);
    if (post) this.store.setState({ [id]: { ...post, ...values } });
  }

  /** Reads again what others change of a post. */
  async refreshCounts(id: string): Promise<void> {
    if (!this.get(id)) return;
    const { post } = await this.client.request(COUNTS, { id });
    if (post) this.patch(id, post);
  }

  /** Reads new addresses of the pictures: those of an hour ago may have expired. */
  async refreshPictures(id: string): Promise<void> {
    const { post } = await this.client.request(PICTURES, { id });
    if (post) this.patch(id, post);
  }
}
