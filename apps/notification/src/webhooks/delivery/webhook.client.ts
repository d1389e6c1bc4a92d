import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { WebhookFailure } from '@fowergram/contracts-notification';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../../config.js';
import { isPublicAddress, violationOf } from './addresses.rules.js';
import { WebhookNamesClient } from './webhook-names.client.js';

/** From the look-up of the name to the end of the answer. */
export const CALL_DEADLINE_MS = 10_000;
const READ_BYTES = 2_048;
const IDLE_SOCKETS = 256;
const IDLE_MS = 4_000;

/** What became of one call. `status` is that of an answer; `failure` is null for a 2xx. */
export interface CallOutcome {
  status: number | null;
  failure: WebhookFailure | null;
  durationMs: number;
  /** How the answer began. */
  answer: string | null;
}

type Answer = Pick<CallOutcome, 'status' | 'answer'>;

class RefusedAddress extends Error {}
class TooLate extends Error {}

/**
 * Calls the servers of webhooks, and nothing inside our network: each new connection goes to an address that was looked up and found to be
 * of the internet for it, so a name that changes its mind between the two is of no use. No redirect is followed.
 */
@Injectable()
export class WebhookClient {
  private readonly agents = {
    'https:': new https.Agent({ keepAlive: true, maxFreeSockets: IDLE_SOCKETS, timeout: IDLE_MS }),
    'http:': new http.Agent({ keepAlive: true, maxFreeSockets: IDLE_SOCKETS, timeout: IDLE_MS }),
  };

  constructor(
    private readonly names: WebhookNamesClient,
    @Inject(CONFIG) private readonly config: Pick<Config, 'WEBHOOK_TARGETS' | 'APP_NAME'>,
  ) {}

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  /** Posts a body; what goes wrong is an outcome, too. */
  async post(
    address: string,
    headers: Record<string, string>,
    body: string,
    signal: AbortSignal,
  ): Promise<CallOutcome> {
    const startedAt = performance.now();
    const outcome = await this.call(new URL(address), headers, body, signal).then(toOutcome, toFailure);
    return { ...outcome, durationMs: Math.round(performance.now() - startedAt) };
  }

  private async call(url: URL, headers: Record<string, string>, body: string, signal: AbortSignal): Promise<Answer> {
    // An address is no name, and is not looked up: it is checked here.
    if (violationOf(url, this.config.WEBHOOK_TARGETS) !== undefined) throw new RefusedAddress();
    const { request } = url.protocol === 'https:' ? https : http;
    return new Promise((resolve, reject) => {
      const call = request(url, {
        method: 'POST',
        agent: this.agents[url.protocol as 'https:' | 'http:'],
        lookup: this.lookup,
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': `${this.config.APP_NAME.replace(/[^\w.-]/g, '') || 'webhooks'} (webhooks)`,
        },
      });
      const end = (error: Error) => call.destroy(error);
      const deadline = setTimeout(() => end(new TooLate()), CALL_DEADLINE_MS);
      const onAbort = () => end(new TooLate());
      signal.addEventListener('abort', onAbort, { once: true });
      call.once('close', () => {
        clearTimeout(deadline);
        signal.removeEventListener('abort', onAbort);
      });
      call.once('error', reject);
      let isAnswered = false;
      call.once('close', () => isAnswered || reject(new Error('There was no answer.')));
      call.once('response', (response) => {
        isAnswered = true;
        const status = response.statusCode!;
        void beginningOf(response).then((answer) => resolve({ status, answer }), reject);
      });
      call.end(body);
    });
  }

  /** Gives a connection the addresses that were checked, so that it goes to no other. */
  private readonly lookup: LookupFunction = (name, { all }, done) => {
    this.checkedAddressesOf(name).then(
      (found) => (all ? done(null, found) : done(null, found[0]!.address, found[0]!.family)),
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };

  private async checkedAddressesOf(name: string): Promise<{ address: string; family: number }[]> {
    const found = await this.names.addressesOf(name.replace(/\.$/, ''));
    if (this.config.WEBHOOK_TARGETS === 'public' && !found.every(isPublicAddress)) throw new RefusedAddress();
    if (found.length === 0) throw new Error('The name has no address.');
    return found.map((address) => ({ address, family: isIP(address) }));
  }
}

/** Reads an answer as far as it is kept, and lets the rest of it be. What ends in between counts as its end. */
async function beginningOf(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= READ_BYTES) break;
    }
  } catch {
    // The status has come, and says what there is to say.
  }
  return Buffer.concat(chunks).subarray(0, READ_BYTES).toString().replaceAll('\0', '').toWellFormed();
}

function toOutcome({ status, answer }: Answer): Omit<CallOutcome, 'durationMs'> {
  const isTaken = status !== null && status >= 200 && status < 300;
  return { status, answer, failure: isTaken ? null : 'STATUS' };
}

const toFailure = (error: NodeJS.ErrnoException): Omit<CallOutcome, 'durationMs'> => ({
  status: null,
  answer: null,
  failure: failureOf(error),
});

function failureOf(error: NodeJS.ErrnoException): WebhookFailure {
  if (error instanceof RefusedAddress) return 'ADDRESS';
  if (error instanceof TooLate) return 'TIMEOUT';
  return /CERT|SSL|TLS|SIGNATURE|ALTNAME|EPROTO/.test(error.code ?? '') ? 'TLS' : 'UNREACHABLE';
}
