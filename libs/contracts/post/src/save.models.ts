import { z } from 'zod';
import { Id, visibleNameUpTo, Timestamp } from '@fowergram/contracts-core';

export const MAX_COLLECTION_NAME_LENGTH = 60;
/** Posts that one user has saved. */
export const MAX_SAVES = 10_000;
/** Collections of one user. */
export const MAX_COLLECTIONS = 200;

export const CollectionName = visibleNameUpTo(MAX_COLLECTION_NAME_LENGTH, 'The name of a collection');

/** A named part of what a user has saved; nobody else sees it. */
export const Collection = z.object({ id: Id, ownerId: Id, name: z.string(), createdAt: Timestamp });
export type Collection = z.output<typeof Collection>;
