import { AppError } from '@fowergram/contracts-core';

/** What somebody is told who still writes in the name of an account that is gone. */
export const accountIsDeleted = (): AppError =>
  new AppError('FORBIDDEN', 'This account was deleted.', { reason: 'ACCOUNT_DELETED' });
