import { signAccessToken } from './access-token.js';
import type { App } from './apps.js';
import type { Core } from './core.js';
import type { Queryable } from './database.js';
import { sha256 } from './hash.js';
import type { JsonObject } from './input.js';
import { sealRefreshToken } from './refresh-token.js';

/** A session row, with the id of the account that its login method belongs to today. */
export interface Session {
  handle: string;
  userId: string;
  recipeUserId: string;
  tenantId: string;
  refreshTokenHash2: string;
  userDataInDatabase: JsonObject;
  userDataInJWT: JsonObject;
  useStaticKey: boolean;
  timeCreated: number;
  expiry: number;
}

const selectSession = `
  select s.handle, coalesce(m.user_id, s.user_id) as "userId", s.user_id as "recipeUserId", s.tenant_id as "tenantId",
    s.refresh_token_hash_2 as "refreshTokenHash2", s.session_data as "userDataInDatabase",
    s.jwt_user_payload as "userDataInJWT", s.use_static_key as "useStaticKey",
    s.created_at_time as "timeCreated", s.expires_at as expiry
  from sessions s left join login_methods m on m.app_id = s.app_id and m.recipe_user_id = s.user_id
  where s.app_id = $1 and s.handle = $2 and s.expires_at > $3`;

export async function findSession(core: Core, app: App, handle: string): Promise<Session | undefined> {
  const [session] = await core.db.rows<Session>(selectSession, [app.id, handle, core.now()]);
  return session;
}

/** The row lock is what puts parallel refreshes and verifications of one session in a line. */
export async function lockSession(core: Core, tx: Queryable, app: App, handle: string): Promise<Session | undefined> {
  const [session] = await tx.rows<Session>(`${selectSession} for update of s`, [app.id, handle, core.now()]);
  return session;
}

/** The part of a session that every answer shows. */
export function toShownSession(session: Session) {
  return {
    handle: session.handle,
    userId: session.userId,
    recipeUserId: session.recipeUserId,
    userDataInJWT: session.userDataInJWT,
    tenantId: session.tenantId,
  };
}

export async function newRefreshToken(
  core: Core,
  app: App,
  session: Pick<Session, 'handle' | 'recipeUserId' | 'tenantId'>,
  lineage: { parentHash1: string | null; antiCsrfToken: string | null },
): Promise<string> {
  return sealRefreshToken(core, app, {
    sessionHandle: session.handle,
    userId: session.recipeUserId,
    tenantId: session.tenantId,
    ...(lineage.parentHash1 !== null && { parentRefreshTokenHash1: lineage.parentHash1 }),
    ...(lineage.antiCsrfToken !== null && { antiCsrfToken: lineage.antiCsrfToken }),
  });
}

/** Both tokens, in the form in which sign-in and refresh answer them. */
export async function toIssuedTokens(
  core: Core,
  app: App,
  session: Session,
  refreshToken: string,
  lineage: { parentHash1: string | null; antiCsrfToken: string | null },
) {
  const now = Math.floor(core.now());
  const accessToken = await signAccessToken(
    core,
    app,
    {
      ...toShownSession(session),
      sessionHandle: session.handle,
      userData: session.userDataInJWT,
      refreshTokenHash1: sha256(refreshToken),
      parentRefreshTokenHash1: lineage.parentHash1,
      antiCsrfToken: lineage.antiCsrfToken,
    },
    session.useStaticKey,
  );
  return {
    session: toShownSession(session),
    accessToken,
    refreshToken: { token: refreshToken, expiry: now + app.settings.refreshTokenValidityMs, createdTime: now },
    ...(lineage.antiCsrfToken !== null && { antiCsrfToken: lineage.antiCsrfToken }),
  };
}
