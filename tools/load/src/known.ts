/** What a user did, as far as the answers say. */
type Edge = 'YES' | 'NO' | 'UNKNOWN';

export interface KnownPost {
  id: string;
  author: number;
  /** Whether each user likes it; who is not there does not. */
  likes: Map<number, Edge>;
  comments: number;
  /** Comments whose request had no answer: they may be there. */
  commentsUnknown: number;
}

/** Only so many are liked, commented on and counted at the end: memory stays the same however long the run is. */
const MOST_POSTS = 500;

/** What the deployment has acknowledged in this run: the truth that its answers are compared with. */
export class Known {
  private readonly posts: KnownPost[] = [];
  /** Posts that somebody is changing at the moment, by user and post. */
  private readonly busy = new Set<string>();

  add(post: Pick<KnownPost, 'id' | 'author'>): void {
    if (this.posts.length < MOST_POSTS) this.posts.push({ ...post, likes: new Map(), comments: 0, commentsUnknown: 0 });
  }

  get all(): readonly KnownPost[] {
    return this.posts;
  }

  /** Keeps others from changing the same edge meanwhile; answers false where somebody does. */
  begin(actor: number, post: KnownPost): boolean {
    const key = `${actor} ${post.id}`;
    if (this.busy.has(key)) return false;
    this.busy.add(key);
    return true;
  }

  end(actor: number, post: KnownPost): void {
    this.busy.delete(`${actor} ${post.id}`);
  }

  isBusy(actor: number, post: KnownPost): boolean {
    return this.busy.has(`${actor} ${post.id}`);
  }
}

/** The least and the most likes that the post may have. */
export function likesOf({ likes }: KnownPost): { least: number; most: number } {
  const edges = [...likes.values()];
  const least = edges.filter((edge) => edge === 'YES').length;
  return { least, most: least + edges.filter((edge) => edge === 'UNKNOWN').length };
}
