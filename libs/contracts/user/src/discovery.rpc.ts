import { z } from 'zod';
import { command, Id, visibleNameUpTo, PageInput, pageOf, query } from '@fowergram/contracts-core';
import { MAX_DISPLAY_NAME_LENGTH } from './user.models.js';

export const MAX_SEARCH_LENGTH = MAX_DISPLAY_NAME_LENGTH;

/** What users are searched by: a name, or the beginning of one. */
const Search = visibleNameUpTo(MAX_SEARCH_LENGTH, 'A search');

/** How users find each other; nobody finds whom they block or are blocked by. */
export const discoveryRpc = {
  /**
   * Users with this name: the exact username, then whose username begins so, then whose display name does, then similar names, but not
   * where many begin so. Of those whom the viewer follows, the newest thousand come first within each. A few hundred names are compared.
   */
  search: query('user.search', {
    input: PageInput.extend({ query: Search, viewerId: Id.nullish() }),
    output: pageOf(Id),
  }),
  /**
   * Whom many of those follow whom the viewer follows, whose overlap is the largest first; of both, the newest 150 count, and of those
   * with lists that may be seen and have no more than a thousand.
   */
  suggestions: query('user.suggestion.list', { input: PageInput.extend({ viewerId: Id }), output: pageOf(Id) }),
  /** Keeps somebody out of the suggestions; the newest thousand are remembered. NOT_FOUND at dismissedId, BAD_USER_INPUT for oneself. */
  dismissSuggestion: command('user.suggestion.dismiss', {
    input: z.object({ viewerId: Id, dismissedId: Id }),
    output: z.object({ dismissedId: Id }),
  }),
  /** Those followers of the user whom the viewer follows, whom the viewer followed last first; empty where the list is not for them. */
  familiarFollowers: query('user.follow.familiar-followers', {
    input: PageInput.extend({ userId: Id, viewerId: Id }),
    output: pageOf(Id),
  }),
};
