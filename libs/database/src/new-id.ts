import { uuidv7 } from 'uuidv7';

/** A new UUIDv7: ids sort by the millisecond in which they were made. */
export const newId = (): string => uuidv7();
