import type { Document } from './document.js';
import type { MediaCard } from './generated/operations.js';
import { Queue, type QueueOptions } from './queue/queue.js';
import { ATTEMPTS, type AttemptRules } from './requests/attempts.js';
import { Operations, type RequestOptions } from './requests/operations.js';
import { type Connection, listNodes, listPages, type Pick } from './requests/pages.js';
import { Transport } from './requests/transport.js';
import { cookieCredentials, headerCredentials, memoryTokens, type TokenStore } from './session/credentials.js';
import { Session } from './session/session.js';
import { type NotificationEvent, type NotificationOptions, watchNotifications } from './subscriptions/notifications.js';
import { type SubscribeOptions, Subscriptions } from './subscriptions/subscriptions.js';
import { isPage } from './surroundings.js';
import { upload, type UploadFile, type UploadOptions, type UploadParts } from './uploads/upload.js';

export interface ClientOptions {
  /** Where the API is, such as `https://api.example.com`. */
  url: string;
  /** Cookies for pages on the site of the API, headers for everything else; chosen by itself if left out. */
  mode?: 'cookie' | 'header';
  /** Where header mode keeps its tokens; only in memory if left out. */
  tokens?: TokenStore;
  fetch?: typeof fetch;
  /** Where there is no global one, as in Node 20: that of the package `ws`. */
  webSocket?: unknown;
  /** How long one answer is waited for. */
  timeoutMs?: number;
  attempts?: Partial<AttemptRules>;
}

/** All that an app asks of the API. */
export class FowergramClient {
  readonly session: Session;
  readonly request: Operations['request'];
  readonly answer: Operations['answer'];
  private readonly subscriptions: Subscriptions;
  private readonly parts: UploadParts;

  constructor(options: ClientOptions) {
    const attempts = { ...ATTEMPTS, ...options.attempts };
    const url = options.url.replace(/\/+$/, '');
    const withCookies = (options.mode ?? (isPage() ? 'cookie' : 'header')) === 'cookie';
    const send: typeof fetch = options.fetch ?? ((...args) => fetch(...args));
    const transport = new Transport({
      url,
      withCookies,
      fetch: send,
      timeoutMs: options.timeoutMs ?? 15_000,
    });
    const credentials = withCookies ? cookieCredentials(url) : headerCredentials(options.tokens ?? memoryTokens());
    this.session = new Session({ url, transport, credentials, attempts });
    const operations = new Operations(this.session, attempts);
    this.request = operations.request.bind(operations);
    this.answer = operations.answer.bind(operations);
    this.subscriptions = new Subscriptions({ url, session: this.session, attempts, webSocket: options.webSocket });
    this.parts = { request: this.request, subscriptions: this.subscriptions, attempts, fetch: send };
  }

  /** What a subscription sends, from its beginning again after each break; for notifications there is `notifications`. */
  subscribe<Data, Variables extends object>(
    document: Document<Data, Variables>,
    variables: Variables,
    options?: SubscribeOptions<Data>,
  ): AsyncGenerator<Data, void> {
    return this.subscriptions.subscribe(document, variables, options);
  }

  /** Every notification after a cursor, each once and in order, through all breaks. */
  notifications(options: NotificationOptions = {}): AsyncGenerator<NotificationEvent, void> {
    return watchNotifications(this, this.subscriptions, options);
  }

  /** Sends a file and waits until it is READY. */
  upload(file: UploadFile, options?: UploadOptions): Promise<MediaCard> {
    return upload(this.parts, file, options);
  }

  /** The pages of a list: `for await (const page of client.pages(homeFeed, { first: 20 }, (data) => data.homeFeed))`. */
  pages<Data, Variables extends object, Node>(
    document: Document<Data, Variables>,
    variables: Variables,
    pick: Pick<Data, Node>,
    options?: RequestOptions,
  ): AsyncGenerator<Connection<Node>, void> {
    return listPages(this.request, document, variables, pick, options);
  }

  /** The entries of a list, one by one, page after page. */
  nodes<Data, Variables extends object, Node>(
    document: Document<Data, Variables>,
    variables: Variables,
    pick: Pick<Data, Node>,
    options?: RequestOptions,
  ): AsyncGenerator<Node, void> {
    return listNodes(this.request, document, variables, pick, options);
  }

  /** Mutations that are kept in a storage until they are done. */
  queue(options: QueueOptions): Queue {
    const { attempts, request } = this.parts;
    return new Queue({ request, attempts, session: this.session }, options);
  }

  /** Asks at once whether the socket still lives: call it where the platform says that the app or the network is back. */
  checkConnection(): void {
    this.subscriptions.check();
  }

  /** Ends all subscriptions. */
  close(): Promise<void> {
    return this.subscriptions.close();
  }
}

/** A client of the API at this address. */
export const createClient = (options: ClientOptions): FowergramClient => new FowergramClient(options);
