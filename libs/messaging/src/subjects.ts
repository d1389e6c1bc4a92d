import type { Broadcast, Event, Push, Rpc } from '@fowergram/contracts-core';

/** Prefixes keep requests, events, pushes and broadcasts apart: a stream that stores events must never catch a request, and permissions follow them. */
export const rpcSubject = (contract: Rpc): string => `rpc.${contract.subject}`;
export const eventSubject = (contract: Pick<Event, 'subject'>): string => `evt.${contract.subject}`;
export const pushSubject = (userId: string, contract: Push): string => `realtime.${userId}.${contract.name}`;
export const isPushSubject = (subject: string): boolean => subject.startsWith('realtime.');
/** What is sent, without whom to: the subject of an event as contracts call it, the name of a push. */
export const kindOfSubject = (subject: string): string =>
  isPushSubject(subject) ? subject.split('.').slice(2).join('.') : subject.replace(/^evt\./, '');
export const broadcastSubject = (contract: Broadcast): string => `broadcast.${contract.topic}`;
export const deadLetterSubject = (consumer: string): string => `dead.${consumer}`;

export const EVENT_STREAM = { name: 'EVENTS', subjects: ['evt.>'] };
export const DEAD_LETTER_STREAM = { name: 'DEAD_LETTERS', subjects: ['dead.>'] };

/** The durable consumer of one event in one service, such as `notification-post-liked`. */
export const consumerName = (service: string, contract: Pick<Event, 'subject'>): string =>
  `${service}-${contract.subject.replaceAll('.', '-')}`;
