import type { Bus } from '@fowergram/messaging';
import type { Output } from '@fowergram/contracts-core';
import { postOperatorRpc } from '@fowergram/contracts-post';
import { userOperatorRpc } from '@fowergram/contracts-user';
import type { Command } from './command.js';
import { table } from './render.js';

type Progress = Output<typeof userOperatorRpc.auditCounters>['progress'];
type Audited = Omit<NonNullable<Progress>, 'after' | 'size'>;

export const counters: Command[] = [
  {
    usage: 'counters audit',
    about: 'counts again what is stored as counters, and shows by how much it differs (docs/counters.md)',
    read: async ({ operation }) => {
      const data = await auditAll(operation.bus, false);
      return { data, text: table(data, '') };
    },
  },
  {
    usage: 'counters mend',
    about: 'counts everything again, and mends what differs',
    plan: async ({ operation: { bus } }) => {
      const wrong = (await auditAll(bus, false)).filter(({ drifted }) => drifted > 0);
      const names = wrong.map(({ counter, drifted }) => `${drifted} of ${counter}`).join(', ');
      return {
        subject: 'counters',
        says: names ? `mend ${names}` : 'count again, and mend nothing, as all counters are true',
        act: async () => ({ mended: (await auditAll(bus, true)).filter(({ drifted }) => drifted > 0) }),
      };
    },
  },
];

async function auditAll(bus: Bus, repair: boolean): Promise<Audited[]> {
  return [
    ...(await audit((progress) => bus.call(userOperatorRpc.auditCounters, { repair, progress }))),
    ...(await audit((progress) => bus.call(postOperatorRpc.auditCounters, { repair, progress }))),
  ];
}

/** Page after page of one service; answers what was found of each counter. */
async function audit(next: (last: Progress) => Promise<{ progress: Progress }>): Promise<Audited[]> {
  const audited: Audited[] = [];
  for (let { progress } = await next(null); progress; { progress } = await next(progress)) {
    const { after, size: _size, ...found } = progress;
    if (after === null) audited.push(found);
  }
  return audited;
}
