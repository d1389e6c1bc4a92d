import type { FastifyReply } from 'fastify';
import { remainingPoints } from './levels.rules.js';
import type { Verdict } from './rate-limits.service.js';

/** Header fields of the IETF draft (draft-ietf-httpapi-ratelimit-headers): the policies that were asked, and the one that is nearest to its end. */
export function sendRateLimit(reply: FastifyReply, { wanted, now, error }: Verdict): void {
  let policy = '';
  let scarcest: Verdict['wanted'][number] | undefined;
  let lowestShare = Infinity;
  for (const each of wanted) {
    const { limit, emptyAt } = each.level;
    // What others at the same address have left is no business of a client, unless it is what refuses it.
    if (limit.per === 'address' && !error) continue;
    policy += policy === '' ? limit.policy : `, ${limit.policy}`;
    const share = remainingPoints(limit, emptyAt, now) / limit.points;
    if (share < lowestShare) [scarcest, lowestShare] = [each, share];
  }
  if (!scarcest) return;
  const { limit, emptyAt } = scarcest.level;
  const fullAgainIn = Math.ceil(Math.max(emptyAt - now, 0) / 1_000);
  reply.header('ratelimit-policy', policy);
  reply.header('ratelimit', `"${limit.name}";r=${remainingPoints(limit, emptyAt, now)};t=${fullAgainIn}`);
}
