import { createHmac } from 'node:crypto';

/** What is sent, and when, under the id that is the same for each try. */
interface Message {
  id: string;
  /** Seconds since 1970. */
  timestamp: number;
  body: string;
}

/** A secret as the receiver is given it. */
export const shownSecret = (secret: Buffer): string => `whsec_${secret.toString('base64')}`;

/** The headers of the Standard Webhooks convention, with one signature for each secret. */
export function signedHeaders({ id, timestamp, body }: Message, secrets: readonly Buffer[]): Record<string, string> {
  const sign = (secret: Buffer) => createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map((secret) => `v1,${sign(secret)}`).join(' '),
  };
}
