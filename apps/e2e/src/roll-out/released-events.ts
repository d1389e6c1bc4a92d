import { z } from 'zod';
import type { Event } from '@fowergram/contracts-core';
import { mediaEvent } from '@fowergram/contracts-media';
import { postEvent } from '@fowergram/contracts-post';
import { userEvent } from '@fowergram/contracts-user';
import type { Schema } from './unreadable.js';

/** What the consumers of the last release read, and what its services have left in the stream; `npm run release` writes it. */
export const RELEASED = 'libs/contracts/core/events.released.json';

/** The events of this version, by subject. */
export function schemasOfNow(): Record<string, Schema> {
  const events: Event[] = [mediaEvent, postEvent, userEvent].flatMap((each) => Object.values<Event>(each));
  return Object.fromEntries(events.map(({ subject, payload }) => [subject, schemaOf(payload)]));
}

export const schemaOf = (payload: z.ZodType): Schema => z.toJSONSchema(payload, { io: 'input' }) as Schema;
