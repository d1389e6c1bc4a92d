import type { VirtualItem } from '@tanstack/react-virtual';
import { createStore } from 'zustand/vanilla';
import { document, type FowergramClient } from '@fowergram/client';
import { homeFeed } from '@fowergram/client/operations';
import type { Posts } from './posts.js';

const PAGE = 10;
const LOOK_AGAIN_AFTER_MS = 5_000;
const NEWEST = document<{ homeFeed: { edges: { node: { id: string } }[] } | null }>(
  '{ homeFeed(first: 3) { edges { node { id } } } }',
);

export interface FeedState {
  ids: string[];
  /** Posts that came meanwhile and are not shown yet. */
  fresh: string[];
  hasMore: boolean;
  isLoading: boolean;
  error: unknown;
}

/** The home feed: its pages as they are wanted, and what is new on top. */
export class Feed {
  readonly store = createStore<FeedState>(() => ({ ids: [], fresh: [], hasMore: true, isLoading: false, error: null }));
  /** Where the list was when it was left. */
  place: { offset: number; measurements: VirtualItem[] } = { offset: 0, measurements: [] };
  private after: string | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly client: FowergramClient,
    private readonly posts: Posts,
  ) {}

  async loadMore(): Promise<void> {
    const { isLoading, hasMore } = this.store.getState();
    if (isLoading || !hasMore) return;
    this.store.setState({ isLoading: true, error: null });
    try {
      const page = await this.page(this.after);
      this.after = page.endCursor;
      this.store.setState(({ ids }) => ({ ids: union(ids, page.ids), hasMore: page.hasNextPage }));
    } catch (error) {
      this.store.setState({ error });
    } finally {
      this.store.setState({ isLoading: false });
    }
  }

  /** Asks again and again for what is new, while the page is looked at. */
  watch(): void {
    this.timer = setInterval(() => void this.look().catch(() => undefined), LOOK_AGAIN_AFTER_MS);
    globalThis.document.addEventListener('visibilitychange', this.lookIfVisible);
  }

  close(): void {
    clearInterval(this.timer);
    globalThis.document.removeEventListener('visibilitychange', this.lookIfVisible);
  }

  /** Shows what came meanwhile. */
  showFresh(): void {
    this.store.setState(({ ids, fresh }) => ({ ids: union(fresh, ids), fresh: [] }));
  }

  /** Begins anew, as after a follow, which brings older posts, too. */
  restart(): void {
    this.after = null;
    this.place = { offset: 0, measurements: [] };
    this.store.setState({ ids: [], fresh: [], hasMore: true, error: null });
  }

  /** A post of the viewer is on top at once. */
  add(id: string): void {
    this.store.setState(({ ids }) => ({ ids: union([id], ids) }));
  }

  private readonly lookIfVisible = () => {
    void this.look().catch(() => undefined);
  };

  private async look(): Promise<void> {
    if (globalThis.document.visibilityState !== 'visible' || !navigator.onLine) return;
    const known = (id: string) => this.store.getState().ids.includes(id) || this.store.getState().fresh.includes(id);
    const { homeFeed: newest } = await this.client.request(NEWEST);
    if (!newest?.edges.some(({ node }) => !known(node.id))) return;
    const { ids } = await this.page(null);
    this.store.setState(({ fresh }) => ({
      fresh: union(
        ids.filter((id) => !known(id)),
        fresh,
      ),
    }));
  }

  private async page(after: string | null) {
    const { homeFeed: page } = await this.client.request(homeFeed, { first: PAGE, after });
    const ids = this.posts.keep((page?.edges ?? []).map(({ node }) => node));
    return { ids, endCursor: page?.pageInfo.endCursor ?? null, hasNextPage: page?.pageInfo.hasNextPage ?? false };
  }
}

const union = (first: string[], rest: string[]): string[] => [...new Set([...first, ...rest])];
