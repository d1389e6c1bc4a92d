import type { Bus, Operation } from '@fowergram/messaging';
import { type LostPicture, mediaOperatorRpc } from '@fowergram/contracts-media';
import { postOperatorRpc } from '@fowergram/contracts-post';
import { userOperatorRpc } from '@fowergram/contracts-user';
import type { Command, Plan } from './command.js';
import { type Gap, gapsOf, republishAll } from './events.js';

export const reconcile: Command[] = [
  {
    usage: 'reconcile',
    about:
      'compares stores that may be of different age (docs/backup.md) and heals: pictures in the wrong folder, events that the stream has lost; --all also takes from rows the variants whose objects are gone for good',
    options: ['all'],
    plan: async ({ operation }, { all }): Promise<Plan> => {
      const pictures = await comparePictures(operation.bus, 'NOTHING');
      const gaps = await gapsOf(operation, publishedBy(operation.bus));
      return {
        subject: 'stores',
        says: sentenceOf(pictures, gaps, all),
        act: () => heal(operation, all, gaps),
      };
    },
  },
];

interface Pictures {
  checked: number;
  misplaced: string[];
  lost: LostPicture[];
}

const publishedBy = (bus: Bus) => (span: { since: string; until: string }) =>
  Promise.all([
    bus.call(userOperatorRpc.published, span),
    bus.call(postOperatorRpc.published, span),
    bus.call(mediaOperatorRpc.published, span),
  ]);

/** Page after page, in the order of ids. */
async function comparePictures(bus: Bus, heals: 'NOTHING' | 'PLACES' | 'ALL'): Promise<Pictures> {
  const all: Pictures = { checked: 0, misplaced: [], lost: [] };
  for (let after: string | null | undefined; after !== null;) {
    const page = await bus.call(mediaOperatorRpc.reconcile, { after: after ?? null, heal: heals });
    all.checked += page.checked;
    all.misplaced.push(...page.misplaced);
    all.lost.push(...page.lost);
    after = page.next;
  }
  return all;
}

async function heal({ bus }: Operation, all: boolean, gaps: Gap[]): Promise<unknown> {
  const { misplaced, lost } = await comparePictures(bus, all ? 'ALL' : 'PLACES');
  let events = 0;
  for (const { since, until } of gaps) events += (await republishAll(bus, { since, until })).events;
  return { moved: misplaced.length, lost: lost.length, republished: events };
}

function sentenceOf({ checked, misplaced, lost }: Pictures, gaps: Gap[], all: boolean): string {
  const found = [
    ...(misplaced.length > 0 ? [`move ${misplaced.length} pictures to where their rows say`] : []),
    ...(lost.length > 0
      ? [`${all ? 'take from their rows' : 'leave'} variants that are lost of ${namesOf(lost)}`]
      : []),
    ...gaps.map(({ events, since, until }) => `publish again ${events} events from ${since} to ${until}`),
  ];
  return found.length > 0
    ? found.join('; ')
    : `change nothing: ${checked} pictures and the stream of events are as they should be`;
}

function namesOf(lost: LostPicture[]): string {
  const names = lost.slice(0, 10).map(({ mediaId }) => mediaId);
  return `${lost.length} pictures (${names.join(', ')}${lost.length > names.length ? ', …' : ''})`;
}
