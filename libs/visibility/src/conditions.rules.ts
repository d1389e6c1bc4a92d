// Each condition is a look-up by key for each row: as a join, the planner would read and hash a whole table for every page.

/** An SQL expression: what the relation of a viewer to an author says, null where there is none. */
export const relationOf = (viewer: string, author: string, value: string): string =>
  `(select ${value} from relation where viewer_id = ${viewer} and author_id = ${author} limit 1)`;

/** An SQL condition: the account in this column is not hidden. What hidden accounts have written is left out by every read. */
export const isShown = (account: string): string =>
  `(select hidden from hidden_account where user_id = ${account} limit 1) is not true`;

/** An SQL condition: neither of the two blocks the other. */
export const isUnblocked = (viewer: string, author: string): string =>
  `${relationOf(viewer, author, 'blocked')} is not true`;

/** An SQL condition: the viewer sees what this account does; users see what is their own, which waits for no event. */
export const isShownTo = (viewer: string, account: string): string =>
  `(${account} = ${viewer} or (${isShown(account)} and ${isUnblocked(viewer, account)}))`;

/** An SQL expression: what `audience` has come to with this author: NOBODY, FOLLOWERS instead of PUBLIC, or itself. */
export const requiredBy = (author: string, audience: string): string => `coalesce((
    select case when hidden then 'NOBODY' when is_private and ${audience} = 'PUBLIC' then 'FOLLOWERS' else ${audience} end
    from hidden_account where user_id = ${author} limit 1
  ), ${audience})`;
