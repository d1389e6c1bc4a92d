import { AppError } from '@fowergram/contracts-core';

/** The answer to a write in the name of an account that is deleted. */
export const accountIsDeleted = (): AppError =>
  new AppError('FORBIDDEN', 'This account was deleted.', { reason: 'ACCOUNT_DELETED' });
