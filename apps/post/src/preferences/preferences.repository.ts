import { Injectable } from '@nestjs/common';
import type { ContentPreferences } from '@fowergram/contracts-post';
import { Database, type Sql, type Tx } from '@fowergram/database';

export type PreferenceChange = Partial<Omit<ContentPreferences, 'userId'>>;

/** What is not stored is as in the columns' defaults. */
const DEFAULTS = { altText: 'NONE', sensitiveMedia: 'BLUR', approvesTags: false } as const;

@Injectable()
export class PreferencesRepository {
  constructor(private readonly db: Database) {}

  async of(userId: string, sql: Sql = this.db): Promise<ContentPreferences> {
    const [stored] = await sql.query<ContentPreferences>(OF_USER, [userId]);
    return stored ?? { userId, ...DEFAULTS };
  }

  /** Stores what is given; undefined when the user may not write any more. */
  async set(tx: Tx, userId: string, change: PreferenceChange): Promise<ContentPreferences | undefined> {
    const { altText = null, sensitiveMedia = null, approvesTags = null } = change;
    return (await tx.query<ContentPreferences>(SET, [userId, altText, sensitiveMedia, approvesTags]))[0];
  }
}

const COLUMNS = `user_id as "userId", alt_text as "altText", sensitive_media as "sensitiveMedia", approves_tags as "approvesTags"`;

const OF_USER = `select ${COLUMNS} from content_preferences where user_id = $1`;

const SET = `
  insert into content_preferences as known (user_id, alt_text, sensitive_media, approves_tags)
  select $1::uuid, coalesce($2::text, 'NONE'), coalesce($3::text, 'BLUR'), coalesce($4::boolean, false) where may_write($1::uuid)
  on conflict (user_id) do update set alt_text = coalesce($2::text, known.alt_text),
    sensitive_media = coalesce($3::text, known.sensitive_media), approves_tags = coalesce($4::boolean, known.approves_tags)
  returning ${COLUMNS}`;
