import { createHash } from 'node:crypto';

/** The password of a user of a test's store: known to every process of the test, and strong enough for a service in production. */
export const testPassword = (user: string): string => createHash('sha256').update(user).digest('hex');
