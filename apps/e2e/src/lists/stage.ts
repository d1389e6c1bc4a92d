import { randomUUID } from 'node:crypto';
import { Database } from '@fowergram/database';
import type { AppClient } from '../app-client.js';
import type { InProcessNetwork } from '../network-in-process.js';
import { setRole } from '../operators.js';
import { signUpTestUser, type TestUser } from '../test-users.js';

interface GivenPost {
  caption?: string;
  hashtags?: string[];
  state?: 'PUBLISHED' | 'DRAFT' | 'SCHEDULED' | 'ARCHIVED' | 'DELETED';
}

const LONG_AGO = new Date('2026-01-01T00:00:00Z');

type Owner = 'user' | 'post' | 'notification';

/** Who reads the lists, and the rows that they are made of. Rows are written to the databases: no test of lists waits for a photo. */
export class Stage {
  private constructor(
    readonly viewer: TestUser,
    /** Another one, who has read nothing. */
    readonly stranger: TestUser,
    readonly anonymous: AppClient,
    private readonly databases: Record<Owner, Database>,
  ) {}

  static async open(network: InProcessNetwork, role: 'MODERATOR' | 'ADMIN' = 'MODERATOR'): Promise<Stage> {
    const [viewer, stranger] = [await signUpTestUser(network, 'reader'), await signUpTestUser(network, 'stranger')];
    await setRole(network, viewer.username, role);
    await viewer.client.signIn(viewer.email, viewer.password);
    const open = (owner: Owner) => new Database({ url: network.databases[owner]!, max: 1 });
    const databases = { user: open('user'), post: open('post'), notification: open('notification') };
    const stage = new Stage(viewer, stranger, network.client(), databases);
    await stage.write('user', 'update profile set is_private = true where id = $1', [stage.viewerId]);
    return stage;
  }

  /** The viewer's id as the databases know it. */
  get viewerId(): string {
    return this.viewer.id.replace('user_', '');
  }

  async write<R = unknown>(owner: Owner, text: string, values: unknown[]): Promise<R[]> {
    return this.databases[owner].query<R & object>(text, values);
  }

  /** Somebody new; answers the id. */
  async user(username = `p_${randomUUID().slice(0, 13).replace('-', '_')}`): Promise<string> {
    const id = randomUUID();
    await this.write('user', USER, [id, username]);
    return id;
  }

  /** A new post, from long ago where no time is given; answers the id. */
  async post(authorId: string, at = LONG_AGO, given: GivenPost = {}): Promise<string> {
    const id = randomUUID();
    const { caption = 'A day at the sea', hashtags = [], state = 'PUBLISHED' } = given;
    await this.write('post', POST, [id, authorId, caption, hashtags, randomUUID(), at, state]);
    return id;
  }

  /** So many posts of an author whose account is hidden; answers their ids. */
  async unseenPosts(count: number): Promise<string[]> {
    const author = randomUUID();
    await this.write('post', HIDE, [[author]]);
    const rows = await this.write<{ id: string }>('post', MANY_POSTS, [author, count]);
    return rows.map(({ id }) => id);
  }

  /** Ids of so many whose accounts are hidden from the posts, comments and likes of others. */
  async unseenUsers(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    await this.write('post', HIDE, [ids]);
    return ids;
  }

  /** So many accounts that nobody is shown; answers their ids. */
  async unseenAccounts(count: number): Promise<string[]> {
    return (await this.write<{ id: string }>('user', MANY_ACCOUNTS, [count])).map(({ id }) => id);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.databases).map((database) => database.close()));
  }
}

const HIDE = `insert into hidden_account (user_id, version, hidden) select id, 1, true from unnest($1::uuid[]) id`;

const MANY_POSTS = `
  insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at)
  select gen_random_uuid(), $1, '', '{}', '{}', false, gen_random_uuid(), now() from generate_series(1, $2::integer) returning id`;

const MANY_ACCOUNTS = `
  insert into profile (id, username, display_name, bio, created_at, status)
  select gen_random_uuid(), 'h_' || left(replace(gen_random_uuid()::text, '-', ''), 16), '', '', now(), 'DEACTIVATED'
  from generate_series(1, $1::integer) returning id`;

const USER = `
  insert into profile (id, username, display_name, bio, created_at) values ($1, $2, '', '', now())`;

const POST = `
  insert into post (id, author_id, caption, media_ids, hashtags, comments_disabled, claim_id, created_at, state, publish_at, due_at, deleted_at, deleted_from)
  select $1, $2, $3, '{}', $4, false, $5, $6, $7, later, later, deleted, case when deleted is not null then 'PUBLISHED' end
  from (select case when $7 = 'SCHEDULED' then now() + interval '1 day' end as later, case when $7 = 'DELETED' then now() end as deleted) t`;
