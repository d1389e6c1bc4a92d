import { Injectable } from '@nestjs/common';
import type { AccountStatus, Profile } from '@fowergram/contracts-user';
import { Database, isUniqueViolation, type Sql, type Tx } from '@fowergram/database';
import { IS_ACTIVE, STATUS_NOW } from '../accounts/account-status.sql.js';
import { blocks } from '../relations/blocks.sql.js';
import { PrismaService } from '../prisma.client.js';

type ProfileRow = Omit<Profile, 'createdAt'> & { createdAt: Date };

@Injectable()
export class ProfilesRepository {
  constructor(
    private readonly db: Database,
    private readonly prisma: PrismaService,
  ) {}

  /** Undefined when this user has a profile or another one has the name: the unique indexes decide every race. */
  async insert(tx: Tx, userId: string, username: string): Promise<Profile | undefined> {
    const [row] = await tx.query<ProfileRow>(INSERT, [userId, username]);
    return row && toProfile(row);
  }

  /** False when another user has the name. */
  async update(tx: Tx, profile: Profile): Promise<boolean> {
    const { id, username, displayName, bio, avatarMediaId, links, showsFollowLists } = profile;
    const data = { username, displayName, bio, avatarMediaId, links, showsFollowLists };
    try {
      await this.prisma.in(tx, ({ profile }) => profile.update({ where: { id }, data, select: { id: true } }));
      return true;
    } catch (error) {
      if (isUniqueViolation(error, 'profile_username_key') || isUniqueViolation(error, 'profile_username_skeleton'))
        return false;
      throw error;
    }
  }

  /** False when it is so already. */
  async setVerified(tx: Tx, userId: string, isVerified: boolean): Promise<boolean> {
    const where = { id: userId, isVerified: !isVerified };
    const { count } = await this.prisma.in(tx, ({ profile }) => profile.updateMany({ where, data: { isVerified } }));
    return count > 0;
  }

  /** The profile of whatever status. */
  async lock(tx: Tx, userId: string): Promise<Profile | undefined> {
    const [row] = await tx.query<ProfileRow>(`${SELECT} where p.id = $1 for no key update`, [userId]);
    return row && toProfile(row);
  }

  /** The status that is in force now, of each of these users who has a profile. */
  async statuses(sql: Sql, ids: string[]): Promise<Map<string, AccountStatus>> {
    const rows = await sql.query<{ id: string; status: AccountStatus }>(STATUSES, [ids]);
    return new Map(rows.map(({ id, status }) => [id, status]));
  }

  /** Those of ACTIVE accounts that do not block the viewer. */
  async byIds(ids: string[], viewerId: string | null, sql: Sql = this.db): Promise<Profile[]> {
    const rows = await sql.query<ProfileRow>(BY_IDS, [ids, viewerId]);
    return rows.map(toProfile);
  }

  /** Undefined unless the account is ACTIVE and does not block the viewer. */
  async byUsername(username: string, viewerId: string | null): Promise<Profile | undefined> {
    const [row] = await this.db.query<ProfileRow>(BY_USERNAME, [username, viewerId]);
    return row && toProfile(row);
  }

  /** Those of the media that are somebody's avatar now. */
  async avatarsAmong(mediaIds: string[]): Promise<string[]> {
    const rows = await this.prisma.profile.findMany({
      where: { avatarMediaId: { in: mediaIds } },
      select: { avatarMediaId: true },
    });
    return rows.flatMap(({ avatarMediaId }) => avatarMediaId ?? []);
  }
}

function toProfile(row: ProfileRow): Profile {
  return { ...row, createdAt: row.createdAt.toISOString() };
}

const COLUMNS = `
  p.id, p.username, p.display_name as "displayName", p.bio, p.avatar_media_id as "avatarMediaId", p.links,
  p.is_verified as "isVerified", p.shows_follow_lists as "showsFollowLists", p.role, p.is_private as "isPrivate",
  p.created_at as "createdAt"`;
const SELECT = `select ${COLUMNS} from profile p`;
const IS_SEEN = `${IS_ACTIVE} and not ${blocks('p.id', '$2::uuid')}`;
const BY_IDS = `${SELECT} where p.id = any($1::uuid[]) and ${IS_SEEN}`;
const STATUSES = `select p.id, ${STATUS_NOW} as status from profile p where p.id = any($1::uuid[])`;
const BY_USERNAME = `${SELECT} where lower(p.username collate "C") = lower($1 collate "C") and ${IS_SEEN}`;
const INSERT = `
  with made as (insert into profile (id, username) values ($1, $2) on conflict do nothing returning *),
  counted as (insert into follow_count (user_id) select id from made)
  select ${COLUMNS} from made p`;
