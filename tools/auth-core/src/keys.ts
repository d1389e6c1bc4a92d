import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomBytes,
  randomUUID,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { App } from './apps.js';
import type { Database, Queryable } from './database.js';

export type KeyKind = 'dynamic' | 'static';

export interface SigningKey {
  kid: string;
  kind: KeyKind;
  createdAt: number;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** A new key is published this long before it signs, so that nobody meets a token whose key they could not know. */
const OVERLAP_MS = 60_000;

const makeKeyPair = promisify(generateKeyPair);

/** Signing keys and the refresh-token secret of every app. They live in Postgres: a restart logs nobody out. */
export class Keys {
  private readonly known = new Map<string, SigningKey[]>();
  private readonly secrets = new Map<string, Buffer>();
  private readonly rolling = new Map<string, Promise<SigningKey[]>>();

  constructor(
    private readonly db: Database,
    private readonly now: () => number,
  ) {}

  async signer(app: App, kind: KeyKind): Promise<SigningKey> {
    const keys = await this.current(app);
    if (kind === 'static') return keys.find((key) => key.kind === 'static')!;
    const [newest, older] = keys.filter((key) => key.kind === 'dynamic');
    if (!older || newest!.createdAt + OVERLAP_MS <= this.now()) return newest!;
    const outlivesItsTokens = this.now() + app.settings.accessTokenValidityMs <= keptUntil(app, older);
    return outlivesItsTokens ? older : newest!;
  }

  async findVerifier(app: App, kid: string): Promise<KeyObject | undefined> {
    const usable = (keys: SigningKey[]) => keys.find((key) => key.kid === kid && this.isKept(app, key));
    // Another process on the same database may have made the key: look again before refusing it.
    const key = usable(await this.current(app)) ?? usable(await this.read(app, this.db));
    return key?.publicKey;
  }

  /** Dynamic keys, newest first, then the static one; and for how long this list may be kept. */
  async published(app: App): Promise<{ keys: SigningKey[]; maxAgeSeconds: number }> {
    const keys = (await this.current(app)).filter((key) => this.isKept(app, key));
    const untilNextKeyMs = nextKeyAt(app, newestDynamic(keys)!) - this.now();
    return { keys, maxAgeSeconds: Math.ceil(Math.max(untilNextKeyMs, OVERLAP_MS) / 1000) };
  }

  async refreshSecret(app: App): Promise<Buffer> {
    const cached = this.secrets.get(app.incarnation);
    if (cached) return cached;
    await this.db.rows(
      `insert into secrets (app_id, name, value) values ($1, 'refresh-token', $2) on conflict do nothing`,
      [app.id, randomBytes(32)],
    );
    const [row] = await this.db.rows<{ value: Buffer }>(
      `select value from secrets where app_id = $1 and name = 'refresh-token'`,
      [app.id],
    );
    this.secrets.set(app.incarnation, row!.value);
    return row!.value;
  }

  private async current(app: App): Promise<SigningKey[]> {
    const keys = this.known.get(app.incarnation) ?? (await this.read(app, this.db));
    if (!this.isIncomplete(app, keys)) return keys;
    const underway = this.rolling.get(app.incarnation);
    if (underway) return underway;
    const roll = this.roll(app).finally(() => this.rolling.delete(app.incarnation));
    this.rolling.set(app.incarnation, roll);
    return roll;
  }

  private isIncomplete(app: App, keys: SigningKey[]): boolean {
    const newest = newestDynamic(keys);
    return !newest || nextKeyAt(app, newest) <= this.now() || !keys.some((key) => key.kind === 'static');
  }

  // @NOTE The advisory lock makes one process generate; the others wait, read again, and find nothing left to do.
  private async roll(app: App): Promise<SigningKey[]> {
    await this.db.transaction(async (tx) => {
      await tx.rows(`select pg_advisory_xact_lock(hashtext('auth-core keys'), hashtext($1))`, [app.id]);
      const keys = await this.read(app, tx);
      const newest = newestDynamic(keys);
      const createdAt = Math.floor(this.now());
      if (!newest || nextKeyAt(app, newest) <= createdAt)
        await insertKey(tx, app, 'dynamic', `d-${createdAt}`, createdAt);
      if (!keys.some((key) => key.kind === 'static'))
        await insertKey(tx, app, 'static', `s-${randomUUID()}`, createdAt);
      const retired = keys.filter((key) => !this.isKept(app, key)).map((key) => key.kid);
      await tx.rows('delete from signing_keys where app_id = $1 and kid = any($2)', [app.id, retired]);
    });
    return this.read(app, this.db);
  }

  private async read(app: App, db: Queryable): Promise<SigningKey[]> {
    const rows = await db.rows<{ kid: string; kind: KeyKind; private_key: string; created_at: number }>(
      'select kid, kind, private_key, created_at from signing_keys where app_id = $1 order by kind, created_at desc',
      [app.id],
    );
    const cached = new Map(this.known.get(app.incarnation)?.map((key) => [key.kid, key]));
    const keys = rows.map((row) => cached.get(row.kid) ?? toSigningKey(row));
    if (db === this.db) this.known.set(app.incarnation, keys);
    return keys;
  }

  private isKept(app: App, key: SigningKey): boolean {
    return key.kind === 'static' || this.now() < keptUntil(app, key);
  }
}

function toSigningKey(row: { kid: string; kind: KeyKind; private_key: string; created_at: number }): SigningKey {
  const privateKey = createPrivateKey(row.private_key);
  return {
    kid: row.kid,
    kind: row.kind,
    createdAt: row.created_at,
    privateKey,
    publicKey: createPublicKey(privateKey),
  };
}

async function insertKey(tx: Queryable, app: App, kind: KeyKind, kid: string, createdAt: number): Promise<void> {
  const { privateKey } = await makeKeyPair('rsa', { modulusLength: 2048 });
  await tx.rows('insert into signing_keys (app_id, kid, kind, private_key, created_at) values ($1, $2, $3, $4, $5)', [
    app.id,
    kid,
    kind,
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
    createdAt,
  ]);
}

function newestDynamic(keys: SigningKey[]): SigningKey | undefined {
  return keys.find((key) => key.kind === 'dynamic');
}

function nextKeyAt(app: App, newest: SigningKey): number {
  return newest.createdAt + app.settings.signingKeyIntervalMs - OVERLAP_MS;
}

function keptUntil(app: App, key: SigningKey): number {
  return key.createdAt + app.settings.signingKeyIntervalMs + 2 * app.settings.accessTokenValidityMs;
}
