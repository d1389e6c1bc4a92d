import { parse } from 'graphql';
import { SOCKET_LIMITS } from '../../src/sockets/socket-limits.config.js';
import { SubscriptionDocuments, type TakenDocument } from '../../src/sockets/subscription-documents.js';

const { subscriptionNodes, subscriptionNodesPerUser } = SOCKET_LIMITS;
const QUARTER = subscriptionNodesPerUser / 4;

describe('The documents that subscriptions keep', () => {
  let documents: SubscriptionDocuments;
  const take = (userId: string, text: string, nodes = QUARTER) =>
    documents.take(userId, { text, nodes, document: parse('{ id }') }, () => undefined);
  const taken = (userId: string, text: string) => take(userId, text) as TakenDocument;

  beforeEach(() => {
    documents = new SubscriptionDocuments();
  });

  it('are few of one user, each text counted once', () => {
    const texts = ['a', 'b', 'c', 'd', 'a', 'b', 'e'];
    const refused = texts.map((text) => take('ann', text)).map((result) => typeof result === 'string' && result);
    expect(refused).toEqual([false, false, false, false, false, false, 'user']);
    expect(typeof take('bo', 'e')).toBe('object');
  });

  it('are bounded for all users together, and a text that somebody shows already is never too much', () => {
    const users = Array.from({ length: subscriptionNodes / subscriptionNodesPerUser }, (_, i) => `user ${i}`);
    for (const user of users) for (const text of ['a', 'b', 'c', 'd']) taken(user, `${text} of ${user}`);
    expect(take('ann', 'another', 1)).toBe('all');
    expect(typeof take('ann', `a of ${users[0]}`)).toBe('object');
  });

  it('are one document for all who show the same text', () => {
    const first = taken('ann', 'a');
    expect(taken('bo', 'a').document).toBe(first.document);
    expect(taken('bo', 'b').document).not.toBe(first.document);
  });

  it('make room when the last who shows a text has ended, and end once', () => {
    const [first, second] = [taken('ann', 'a'), taken('ann', 'a')];
    const others = ['b', 'c', 'd'].map((text) => taken('ann', text));
    first.release();
    first.release();
    expect(take('ann', 'e')).toBe('user');
    second.release();
    const last = taken('ann', 'e');
    for (const { release } of [...others, last]) release();
    expect(documents.size).toBe(0);
  });
});
