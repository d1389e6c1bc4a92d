import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Words that docs/glossary.md has replaced, each with the word to use. Where a word is also plain English, only its old use is refused. */
const replaced: [pattern: RegExp, use: string][] = [
  [/\bdoors?\b|\bDoors?\b/, 'entry point'],
  [/\bHands?\b|\bhands touch\b|Only hands\b/, 'repository, cache, storage or client'],
  [/\broads?\b/i, 'channel, connection or path'],
  [/\bwalks?\b/, 'request flow'],
  [/\bstandings?\b|Standings?\b/i, 'account state'],
  [/barred\b|\bisBarred/i, 'restricted account, denylist'],
  [/ended.?accounts/i, 'session revocation'],
  [/\berasing\b|\beraser\b|Eraser\b|EraserService|RemainsRepository|ErasedTraces/, 'erasure'],
  [/\bbury\b|\bburied\b|\bburies\b/i, 'tombstone'],
  [/\bfolds?\b|(?<!case )\bfolding\b|CounterFolder|\bnot folded\b/i, 'aggregate'],
  [/\blanes?\b/i, 'keyed batches'],
  [/\bdeeds?\b/i, 'action, event builder'],
  [/(?<!Dead|dead)Letters?\b(?! )|\bletter\.ts\b|by a letter\b/, 'rendered e-mail, e-mailed token'],
  [/\bNotices\b/, 'security e-mails'],
  [/\bhints?\b/i, 'signal'],
  [/\btold\b|\.tell\(/i, 'notify, publish, report'],
  [/\bforget(s|ting)?\b|\bforget[A-Z]/i, 'invalidate, purge'],
  [/keepFromDeletion/, 'lockShared'],
  [/\bwakes?\b|\bwoken\b|\bwakes? up\b/i, 'trigger, reactivate'],
  [/\bsettle[sd]?\b|\bsettling\b/i, 'reconcile'],
  [/\bspent\b/i, 'expired, used'],
  [/\banswerOf\b|\bonce\(tx/, 'findStoredResponse, withIdempotency'],
  [/acceptOnce/, 'markProcessed'],
  [/\bTurns\b/, 'CoalescingRunner'],
  [/LOOK_EVERY|PATIENCE|AT_ONCE/, 'POLL_INTERVAL, TIMEOUT, BATCH_SIZE'],
  [/\bRecent<|recentUsers|recentMedia/, 'TtlCache'],
  [/lean.?schema/i, 'strip default resolvers'],
  [/\.present\.(ts|js)/, 'presenter'],
  [/behind (the|a|this|that|its) (cursor|position|last)/i, 'after the cursor'],
  [/same.?email(?!As)/i, 'email uniqueness policy'],
  [/\btype Way\b|: Way\b|\bWay\[\]/, 'LoginMethod'],
  [/\brefusals?\b|\bat fault\b/i, 'forbidden error, violation, failure'],
  [/usernameLooks|_looks\b|\.looks\b/, 'confusable skeleton'],
  [/\bpersons?\b(?!:)|(?<!--)\bpeople\b/i, 'user'],
  [/\bshelf\b|\bneighbours\b/i, 'fakes'],
];

// The past is not rewritten: the changelog names what changed, and a migration that has run stays as it ran.
const exempt = /^(CHANGELOG\.md|package-lock\.json|prisma\/[^/]+\/migrations\/|apps\/e2e\/meta\/words\.spec\.ts)/;

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => /\.(tsx?|mts|mjs|md|graphql|prisma|ya?ml|conf)$|Dockerfile$|\.env\.example$/.test(file))
  .filter((file) => !exempt.test(file));

describe('The words of docs/glossary.md', () => {
  it('are used everywhere in place of the ones that they replaced', () => {
    const found = tracked.flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          replaced
            .filter(([pattern]) => pattern.test(`${index === 0 ? `${file} ` : ''}${line}`))
            .map(([pattern, use]) => `${file}:${index + 1} ${pattern.exec(line)?.[0] ?? file} → ${use}`),
        ),
    );
    expect(found).toEqual([]);
  });
});
