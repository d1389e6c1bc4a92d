import { z } from 'zod';
import { command, ContentVersion, contentVersion, Id, query, severalVersions } from '@fowergram/contracts-core';

/** What users want for the pictures that they post themselves: nothing, a word of their app, or no post without alt texts. */
export const AltTextPreference = z.enum(['NONE', 'REMIND', 'REQUIRE']);
export type AltTextPreference = z.output<typeof AltTextPreference>;

/** How users want to meet sensitive pictures of others. */
export const MediaDisplay = z.enum(['SHOW', 'BLUR', 'HIDE']);
export type MediaDisplay = z.output<typeof MediaDisplay>;

export const ContentPreferences = z.object({
  userId: Id,
  altText: AltTextPreference,
  sensitiveMedia: MediaDisplay,
  /** Where others tag the user, it is shown only when the user has approved. */
  approvesTags: z.boolean(),
});
export type ContentPreferences = z.output<typeof ContentPreferences>;

/** The version of somebody's preferences. */
export const preferencesVersion = ({ altText, sensitiveMedia, approvesTags }: ContentPreferences): string =>
  contentVersion([altText, sensitiveMedia, approvesTags]);

export const preferenceRpc = {
  get: query('post.preference.get', { input: z.object({ userId: Id }), output: ContentPreferences }),
  /** What is left out stays. CONFLICT where another version than the one expected is stored. */
  update: command('post.preference.update', {
    input: z.object({
      userId: Id,
      altText: AltTextPreference.optional(),
      sensitiveMedia: MediaDisplay.optional(),
      approvesTags: z.boolean().optional(),
      expectedVersion: ContentVersion.optional(),
      expectedVersions: severalVersions(ContentVersion),
    }),
    output: ContentPreferences,
  }),
};
