import { valuesOf } from '../limits/bounds.js';

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** What sockets may take of one gateway process. */
export const socketBounds = {
  sockets: { value: 5_000, because: 'In all: an idle one takes 7 kB of the process, these 35 MB of 512.' },
  socketsPerAddress: { value: 200, because: 'An office or a school behind one address; IPv6 counts by /64.' },
  socketsPerUser: { value: 20, because: 'Phone, tablet and a dozen tabs, and those that the network has just lost.' },
  subscriptionsPerUser: { value: 100, because: 'On all sockets of a user together; a screen has one or two.' },
  subscriptions: {
    value: 10_000,
    because: 'In all, two for each socket: one takes 11 kB beside its text, these 110 MB.',
  },
  operationsPerSocket: { value: 50, because: 'At a time, queries and mutations included.' },
  subscriptionLength: {
    value: 4_096,
    because: 'Characters of document and variables: this much is kept for as long as it lasts.',
  },
  subscriptionNodesPerUser: {
    value: 4_000,
    because: 'Nodes of the syntax trees of a user, each text once: 20 usual texts; a node takes 320 bytes.',
  },
  subscriptionNodes: {
    value: 100_000,
    because: 'The same for everybody, a text that several show once: 32 MB, a thousand usual texts.',
  },
  messageBytes: { value: 128 * KIB, because: 'As much as a request over HTTP may have.' },
  initWithinMs: { value: 5_000, because: 'A connection on a bad line needs two seconds to say whose it is.' },
  anonymousIdleMs: {
    value: 60_000,
    because: 'Without a session a socket can only ask, which HTTP does as well: one that does not ask is of no use.',
  },
  pingIntervalMs: { value: 12_000, because: 'A socket that has not answered the last ping is dead.' },
  bytesBeforeWaiting: { value: 64 * KIB, because: 'What the network takes in one go; then the sender waits for it.' },
  bytesWaitingPerSocket: {
    value: 4 * MIB,
    because: 'Four of the largest answers: a reader that reads is never there.',
  },
  bytesWaitingInAll: { value: 64 * MIB, because: 'A sixth of the memory of a gateway, for all slow readers together.' },
  slowestReaderMs: { value: 10_000, because: 'As long as a phone that changes from one cell to the next is silent.' },
} as const;

export const SOCKET_LIMITS = valuesOf(socketBounds);
