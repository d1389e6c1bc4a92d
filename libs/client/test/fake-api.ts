import { type ClientOptions, createClient, type FowergramClient } from '../src/index.js';

export interface Sent {
  path: string;
  query: string;
  key: string | undefined;
}

/** What a server would answer: an object is the body of a 200. */
export type Answering = (sent: Sent) => Response | object;

/** A client of a server that is a function, and what it was sent. */
export function clientOf(
  answering: Answering,
  options: Partial<ClientOptions> = {},
): { client: FowergramClient; sent: Sent[] } {
  const sent: Sent[] = [];
  const answer: typeof fetch = async (input, init) => {
    const { query = '' } = JSON.parse((init?.body as string | undefined) ?? '{}') as { query?: string };
    const key = (init?.headers as Record<string, string>)['idempotency-key'];
    sent.push({ path: new URL(input as string).pathname, query, key });
    const given = answering(sent.at(-1)!);
    return given instanceof Response ? given : new Response(JSON.stringify(given));
  };
  const attempts = { firstDelayMs: 1, longestDelayMs: 2, giveUpAfterMs: 100 };
  return { client: createClient({ url: 'http://api.test', attempts, ...options, fetch: answer }), sent };
}
