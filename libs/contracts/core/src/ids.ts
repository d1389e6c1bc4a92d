import { z } from 'zod';

/** The id of anything that a service owns: a lower-case UUID. */
export const Id = z.uuid({ error: 'This is not a valid id.' }).transform((id) => id.toLowerCase());

/** Up to `max` ids, as batched look-ups take them. */
export const idList = (max: number) => z.array(Id).max(max);

/** An instant in UTC, RFC 3339 with milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 });
