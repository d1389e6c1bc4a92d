import { readFileSync } from 'node:fs';
import type { Event } from '@fowergram/contracts-core';
import { WebhookEventType } from '@fowergram/contracts-notification';
import { postEvent } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import { eventSubject } from '@fowergram/messaging';
import { reportedEvent } from '../../src/webhooks/events/reported-events.rules.js';

const proto = readFileSync('libs/contracts/grpc/proto/fowergram/v1/events.proto', 'utf8');
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The fields of the message that Events/Watch has for an event. */
function fieldsOf(event: string): string[] {
  const [, message] = new RegExp(`^ {4}(\\w+) ${event} = \\d+;`, 'm').exec(proto)!;
  const [, body] = new RegExp(`^message ${message} {\\n([\\s\\S]*?)^}`, 'm').exec(proto)!;
  return [...body!.matchAll(/^ {2}[\w.]+ (\w+) = \d+;/gm)].map(([, name]) => camel(name!)).sort();
}

const id = (last: number) => `0190c1d2-0000-7000-8000-00000000000${last}`;
const at = '2026-11-30T09:30:00.000Z';
const edge = { version: 3, at };
const follow = { followerId: id(1), followeeId: id(2), ...edge };
const like = { postId: id(3), authorId: id(1), likerId: id(2), ...edge };
const fact = { commentId: id(4), postId: id(3), authorId: id(1), commenterId: id(2), ...edge };
const post = { postId: id(3), authorId: id(1) };

const examples: [WebhookEventType, Event, object][] = [
  [
    'account_changed',
    userEvent.accountChanged,
    { userId: id(1), role: 'USER', status: 'ACTIVE', isPrivate: true, ...edge },
  ],
  ['account_deleted', userEvent.accountDeleted, { userId: id(1) }],
  ['profile_updated', userEvent.profileUpdated, { userId: id(1) }],
  ['followed', userEvent.followed, follow],
  ['unfollowed', userEvent.unfollowed, follow],
  ['post_published', postEvent.created, { ...post, createdAt: at }],
  ['post_state_changed', postEvent.stateChanged, { ...post, state: 'ARCHIVED', version: 2, createdAt: at }],
  ['post_deleted', postEvent.deleted, post],
  ['liked', postEvent.liked, like],
  ['unliked', postEvent.unliked, like],
  ['commented', postEvent.commented, { ...fact, isMuted: true, answered: { userId: id(5), isMuted: true } }],
  ['comment_deleted', postEvent.commentDeleted, { ...fact, answeredId: id(5) }],
];

const notified = (contract: Event, payload: object) =>
  reportedEvent({ sequence: 1, id: 'event-1', subject: eventSubject(contract), payload, storedAt: new Date(at) });

describe('What a webhook is notified of', () => {
  it('is what Events/Watch says by gRPC, under the same names', () => {
    const kinds = [...proto.matchAll(/^ {2}EVENT_KIND_(\w+) = [1-9]\d*;/gm)].map(([, name]) => name!.toLowerCase());
    expect([...WebhookEventType.options].sort()).toEqual(kinds.sort());
    expect(examples.map(([event]) => event).sort()).toEqual(kinds.sort());
  });

  it.each(examples)(
    'has the fields of the message there, with ids as clients know them: %s',
    (event, contract, payload) => {
      const { data, event: name, userIds } = notified(contract, payload)!;
      expect(name).toBe(event);
      expect(Object.keys(data).sort()).toEqual(fieldsOf(event));
      const named = Object.values(data).filter((value) => typeof value === 'string' && value.startsWith('user_'));
      expect(userIds.map((user) => `user_${user}`)).toEqual(named);
      for (const [field, value] of Object.entries(data))
        if (field.endsWith('Id')) expect(value).toMatch(/^(user|post|comment)_[\da-f-]{36}$/);
    },
  );

  it('leaves out how users stand to each other', () => {
    const relation = { subject: eventSubject(userEvent.relationChanged), payload: {} };
    expect(reportedEvent({ ...relation, sequence: 1, id: 'event-2', storedAt: new Date(at) })).toBeUndefined();
  });
});
