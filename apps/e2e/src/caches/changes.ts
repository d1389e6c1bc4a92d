import { accountChanges } from './account-changes.js';
import { commentChanges } from './comment-changes.js';
import { moderationChanges } from './moderation-changes.js';
import { postChanges } from './post-changes.js';
import { relationshipChanges } from './relationship-changes.js';
import type { Changes } from './change.js';

/** Every mutation of the schema whose effect an app may be showing. */
export const changes: Changes = {
  ...accountChanges,
  ...relationshipChanges,
  ...postChanges,
  ...commentChanges,
  ...moderationChanges,
};

/** Why the other mutations need not be tried. */
export const excused: Record<string, string> = {
  createMediaUpload: 'It makes a picture that nobody has seen before.',
  dismissSuggestion: 'Its effect is on a list without an id, which is to be asked for anew.',
  removeMutedWord: 'Its effect is on a list without an id, which is to be asked for anew.',
  createCollection: 'It makes a collection that nobody has seen before.',
  deleteCollection: 'Its effect is on a list without an id, which is to be asked for anew.',
  createServiceAccount: 'It makes an account that nobody has seen before.',
  createServiceKey: 'It makes a key that nobody has seen before.',
  revokeServiceKey: 'It answers the account with the keys that are left.',
  closeServiceAccount: 'Its effect is on a list without an id, which is to be asked for anew.',
  createWebhook: 'It makes a webhook that nobody has seen before.',
  updateWebhook: 'It answers all that it changes.',
  rotateWebhookSecret: 'It makes a secret that nobody has seen before.',
  stopWebhook: 'It answers all that it changes.',
  startWebhook: 'It answers all that it changes.',
  replayWebhook: 'Its effect is on deliveries, which change by themselves and are to be asked for anew.',
  deleteWebhook: 'Its effect is on a list without an id, which is to be asked for anew.',
  deactivateAccount: 'It ends the session, and with it the cache.',
  deleteAccount: 'It ends the session, and with it the cache.',
};
