import { type Document, document as textDocument } from '../document.js';
import { asError, FowergramError } from '../errors.js';
import { type AttemptRules, delayMs, pause } from '../requests/attempts.js';
import type { Operations } from '../requests/operations.js';
import type { Session } from '../session/session.js';
import { oneAtATime, onReturn, uuid } from '../surroundings.js';
import { type QueueEntry, type QueueStorage, StoredEntries } from './stored-entries.js';

export interface QueueOptions {
  storage: QueueStorage;
  /** Whose mutations these are: they are sent as this user and as nobody else. */
  userId: string;
  onEvent?: (event: QueueEvent) => void;
}

export type QueueEvent =
  | { kind: 'SENT'; id: string; data: unknown }
  | { kind: 'FAILED'; id: string; error: FowergramError }
  /** What was stored cannot be read; it is kept beside the queue, under the same name with `.unreadable`. */
  | { kind: 'UNREADABLE' };

export interface QueueParts {
  request: Operations['request'];
  session: Session;
  attempts: AttemptRules;
}

/** Keys are kept for 24 hours: after less than that nobody knows any more whether a second sending is the first. */
const KEY_LIVES_MS = 20 * 60 * 60_000;
const CLOCK_MOVES_MS = 10 * 60_000;
const WHO = textDocument<{ me: { id: string } | null }>('{ me { id } }');
const LATER = new Set(['UNAUTHENTICATED', 'ABORTED', 'STORAGE_FULL', 'STORAGE_UNREADABLE']);
/** What a sign-in mends. */
const WAITS_FOR_SESSION = new Set(['SECOND_FACTOR', 'EMAIL_NOT_VERIFIED']);

/** Mutations that are kept until they are done, in the order in which they came, each once. */
export class Queue {
  private readonly entries: StoredEntries;
  private readonly closing = new AbortController();
  private readonly endings: (() => void)[];
  private sending: Promise<void> | undefined;
  /** Something came since the last look at the list. */
  private isWanted = false;
  /** The mark of the session that is known to be this user's. */
  private checkedMark: string | null | undefined;

  constructor(
    private readonly parts: QueueParts,
    private readonly options: QueueOptions,
  ) {
    this.entries = new StoredEntries(options.storage, options.userId, () => this.report({ kind: 'UNREADABLE' }));
    const start = () => this.start();
    this.endings = [parts.session.onChange((isSignedIn) => isSignedIn && start()), onReturn(start)];
    start();
  }

  /** Keeps a mutation; once this is answered it is sent sooner or later, also after a reload. Answers its id. */
  async add<Data, Variables>(document: Document<Data, Variables>, variables: Variables): Promise<string> {
    const id = uuid();
    await this.entries.add({ id, text: document.toString(), variables, state: 'WAITING' });
    this.start();
    return id;
  }

  /** Everything that is not done, oldest first. */
  list(): Promise<QueueEntry[]> {
    return this.entries.read();
  }

  /** Sends one that failed again, under the same key. */
  async retry(id: string): Promise<void> {
    await this.entries.markSent(id, Date.now());
    this.start();
  }

  async discard(id: string): Promise<void> {
    await this.entries.remove(id);
  }

  close(): void {
    this.closing.abort();
    for (const end of this.endings) end();
  }

  /** Sends what waits, in one tab at a time. */
  private start(): void {
    this.isWanted = true;
    this.sending ??= this.sendWhileWanted();
  }

  private async sendWhileWanted(): Promise<void> {
    while (this.isWanted) {
      this.isWanted = false;
      // A storage that fails now may work at the next start.
      await oneAtATime(`fowergram.sending ${this.options.userId}`, () => this.sendAll()).catch(() => undefined);
    }
    this.sending = undefined;
  }

  private async sendAll(): Promise<void> {
    for (let failures = 0; !this.closing.signal.aborted;) {
      const entry = (await this.entries.read()).find(({ state }) => state === 'WAITING');
      if (!entry) return;
      const error = await this.send(entry);
      if (error && isForLater(error)) return;
      failures = error ? failures + 1 : 0;
      if (error) await pause(delayMs(failures, this.parts.attempts, error.retryAfterSeconds), this.closing.signal);
    }
  }

  /** Sends one; answers the error of what has to be tried again. */
  private async send(entry: QueueEntry): Promise<FowergramError | undefined> {
    try {
      await this.checkUser();
    } catch (thrown) {
      return asError(thrown);
    }
    if (isDoubtful(entry))
      return this.fail(entry, new FowergramError('It was sent too long ago.', { code: 'OUTCOME_UNKNOWN' }));
    try {
      if (entry.sentAt === undefined) await this.entries.markSent(entry.id, Date.now());
      const once = { idempotencyKey: entry.id, giveUpAfterMs: 0, signal: this.closing.signal };
      const data = await this.parts.request(entry.text as Document<unknown, unknown>, entry.variables, once);
      return await this.done(entry, data);
    } catch (thrown) {
      const error = asError(thrown);
      if (error.reason === 'IDEMPOTENCY_KEY_REUSED' && error.code === 'CONFLICT') return this.done(entry, null);
      return error.retryable || isForLater(error) ? error : this.fail(entry, error);
    }
  }

  private async done({ id }: QueueEntry, data: unknown): Promise<undefined> {
    await this.entries.remove(id);
    this.report({ kind: 'SENT', id, data });
  }

  /** Keeps what failed for the app to decide about, and goes on with the next. */
  private async fail({ id }: QueueEntry, error: FowergramError): Promise<undefined> {
    const { code, reason, message } = error;
    await this.entries.markFailed(id, { code, reason, message });
    this.report({ kind: 'FAILED', id, error });
  }

  private async checkUser(): Promise<void> {
    const { mark } = await this.parts.session.shown();
    if (mark !== null && mark === this.checkedMark) return;
    const { me } = await this.parts.request(WHO, undefined, { giveUpAfterMs: 0, signal: this.closing.signal });
    if (me?.id !== this.options.userId)
      throw new FowergramError('Somebody else is signed in.', { code: 'UNAUTHENTICATED' });
    this.checkedMark = (await this.parts.session.shown()).mark;
  }

  private report(event: QueueEvent): void {
    // What the app makes of it, and throws, does not stop the others.
    void Promise.resolve(event).then(this.options.onEvent);
  }
}

const isForLater = ({ code, reason }: FowergramError) => LATER.has(code) || WAITS_FOR_SESSION.has(reason ?? '');

/** A clock that was set back says as little as a day that has passed. */
function isDoubtful({ sentAt }: QueueEntry): boolean {
  if (sentAt === undefined) return false;
  const passedMs = Date.now() - sentAt;
  return passedMs > KEY_LIVES_MS || passedMs < -CLOCK_MOVES_MS;
}
