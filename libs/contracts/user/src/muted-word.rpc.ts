import { z } from 'zod';
import { command, Id, query, Timestamp } from '@fowergram/contracts-core';
import { MutedWord, MutedWordList, MutedWordText } from './muted-word.models.js';

const User = z.object({ userId: Id });

export const mutedWordRpc = {
  /** Mutes a word until `expiresAt`, or for good; one that is muted already gets the new end. `list` is what holds from then on. */
  add: command('user.muted-word.add', {
    input: User.extend({ text: MutedWordText, expiresAt: Timestamp.nullish() }),
    output: z.object({ word: MutedWord, list: MutedWordList }),
  }),
  /** Ends the mute of a word; where the user has no such word, nothing happens. */
  remove: command('user.muted-word.remove', {
    input: User.extend({ id: Id }),
    output: z.object({ list: MutedWordList }),
  }),
  /** The words that are muted now, latest first. */
  list: query('user.muted-word.list', { input: User, output: z.array(MutedWord) }),
};
