import type { event, push, query } from '@fowergram/contracts-core';
import * as media from '@fowergram/contracts-media';
import * as notification from '@fowergram/contracts-notification';
import * as post from '@fowergram/contracts-post';
import * as user from '@fowergram/contracts-user';
import { stalePermissions } from '../../../tools/permissions/generate.mjs';
import { readOperatorCalls, readServiceMap } from '../../../tools/permissions/service-map.mjs';

const map = readServiceMap(process.cwd());
type Contract = Partial<ReturnType<typeof query> & ReturnType<typeof event> & ReturnType<typeof push>>;
const contracts = [media, notification, post, user]
  .flatMap((library) => Object.entries(library))
  .filter(([name]) => /(Rpc|Event|Push)$/.test(name))
  .flatMap(([, group]) => Object.values(group) as Contract[]);
const ownerOf = (subject: string) => subject.split('.')[0];

describe('What the code of the services does with contracts', () => {
  it('is what the committed permissions say: otherwise run npm run generate', () => {
    expect(stalePermissions().map(([file]) => file)).toEqual([]);
  });

  it('is found for every request, which its owner alone answers', () => {
    const answered = Object.entries(map).flatMap(([service, { answers }]) =>
      answers.map((subject) => [service, subject]),
    );
    const requests = contracts.flatMap(({ kind, subject }) => (kind ? [[ownerOf(subject!), subject]] : []));
    expect(answered.sort()).toEqual(requests.sort());
  });

  it('is found for every push, and for every event but by its owner alone', () => {
    const events = new Set(contracts.flatMap(({ kind, subject }) => (!kind && subject ? [subject] : [])));
    for (const [service, { publishes, consumes, hears }] of Object.entries(map)) {
      expect(publishes.filter((subject) => ownerOf(subject) !== service)).toEqual([]);
      expect([...publishes, ...consumes, ...hears].filter((subject) => !events.has(subject))).toEqual([]);
    }
    expect(Object.values(map).flatMap(({ pushes }) => pushes)).toEqual(
      contracts.flatMap(({ name }) => name ?? []).sort(),
    );
  });

  // No service is an operator: what they ask of one goes past moderators and keys.
  it('leaves to the command fowergram whatever operators ask for', () => {
    const asked = contracts.flatMap(({ subject }) => (subject?.includes('.operator.') ? [subject] : []));
    expect(readOperatorCalls(process.cwd())).toEqual(expect.arrayContaining(asked));
    expect(Object.values(map).flatMap(({ calls }) => calls.filter((subject) => asked.includes(subject)))).toEqual([]);
  });

  // Whoever may send a command acts for any user: a new line here is a decision.
  it('lets the gateway alone send commands, but for these', () => {
    const commands = new Set(contracts.flatMap(({ kind, subject }) => (kind === 'command' ? [subject] : [])));
    const { gateway: _gateway, ...others } = map;
    const sent = Object.entries(others).flatMap(([service, { calls }]) =>
      calls.filter((subject) => commands.has(subject)).map((subject) => `${service}: ${subject}`),
    );
    expect(sent.sort()).toEqual([
      'notification: user.erasure.done',
      'post: media.alt-text.set',
      'post: media.claim.add',
      'post: media.claim.drop',
      'post: media.claim.erase',
      'post: media.claim.hide',
      'post: media.claim.reconcile',
      'post: media.claim.show',
      'post: user.erasure.done',
      'user: media.claim.add',
      'user: media.claim.reconcile',
      'user: media.owner.erase',
      'user: media.owner.set-hidden',
    ]);
  });
});
