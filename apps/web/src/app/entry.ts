import { createStore } from 'zustand/vanilla';
import type { FowergramClient } from '@fowergram/client';
import { me } from '@fowergram/client/operations';
import { Feed } from '../state/feed.js';
import { Posts } from '../state/posts.js';
import { SignedIn } from '../state/signed-in.js';

export type Visitor =
  | { kind: 'UNKNOWN'; error: Error | null }
  | { kind: 'SIGNED_OUT' }
  /** A second factor, or the link in a mail, is still asked for. */
  | { kind: 'ONE_MORE_STEP'; reason: string }
  | { kind: 'SIGNED_IN'; app: SignedIn };

/** Finds out who visits, and follows them through sign-in and sign-out. */
export class Entry {
  readonly store = createStore<{ visitor: Visitor }>(() => ({ visitor: { kind: 'UNKNOWN', error: null } }));

  constructor(readonly client: FowergramClient) {
    client.session.onChange((isSignedIn) => (isSignedIn ? void this.open() : this.show({ kind: 'SIGNED_OUT' })));
    void this.open();
  }

  /** Reads who is signed in; the feed comes at the same time. */
  async open(): Promise<void> {
    if (!(await this.client.session.isSignedIn())) return this.show({ kind: 'SIGNED_OUT' });
    const posts = new Posts(this.client);
    const feed = new Feed(this.client, posts);
    if (location.pathname === '/') void feed.loadMore();
    try {
      const { me: user } = await this.client.request(me);
      if (!user) return this.show({ kind: 'SIGNED_OUT' });
      const app = new SignedIn(this.client, user, { posts, feed });
      this.show({ kind: 'SIGNED_IN', app });
      app.watch();
    } catch (thrown) {
      this.show(visitorAfter(thrown as Error & { code?: string; reason?: string }));
    }
  }

  private show(visitor: Visitor): void {
    const { visitor: before } = this.store.getState();
    if (before.kind === 'SIGNED_IN') before.app.close();
    this.store.setState({ visitor });
  }
}

function visitorAfter(error: Error & { code?: string; reason?: string }): Visitor {
  if (error.code === 'UNAUTHENTICATED') return { kind: 'SIGNED_OUT' };
  if (error.reason === 'SECOND_FACTOR' || error.reason === 'EMAIL_NOT_VERIFIED')
    return { kind: 'ONE_MORE_STEP', reason: error.reason };
  return { kind: 'UNKNOWN', error };
}
