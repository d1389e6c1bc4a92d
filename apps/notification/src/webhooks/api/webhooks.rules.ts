import { AppError, notFound } from '@fowergram/contracts-core';
import { MAX_WEBHOOKS_PER_ACCOUNT } from '@fowergram/contracts-notification';

/** Makes the error for one webhook more than an account may have. */
export const tooManyWebhooks = (): AppError =>
  new AppError('FORBIDDEN', `A service account has at most ${MAX_WEBHOOKS_PER_ACCOUNT} webhooks: delete one first.`, {
    path: ['accountId'],
    reason: 'WEBHOOK_LIMIT',
  });

/** Makes the error for a webhook that is not there, or not of the account that asks. */
export const noSuchWebhook = (): AppError => notFound('webhook', ['webhookId']);

/** Makes the error for a service account that is closed. */
export const noSuchAccount = (): AppError => notFound('service account', ['accountId']);
