/** A user's id: the erasure of the user removes it, and the journey of accounts proves that. */
export const USER = 'a user';

/** The id of a post whose row goes with the post, whoever it is of: the erasure of the author removes it, too. */
export const POST = 'a post';

/** The id of a post beside that of its author, as whose the erasure removes the row. */
export const OWN_POST = 'a post of the author';

/** A user's id that outlives the account on purpose. */
const kept = (reason: string) => ({ kept: reason });

/** The id of something else, or no id at all. */
const no = (what: string) => ({ no: what });

export type IdColumn = typeof USER | typeof POST | typeof OWN_POST | ReturnType<typeof kept> | ReturnType<typeof no>;

const TOMBSTONE = kept('the service refuses whatever still comes of a user who was erased');
const MODERATION = kept('what moderators did stays on record (ADR 14)');

/**
 * What each column of the four databases that can hold ids says of users, by `service.table.column`. A new column is `USER` when it
 * names a user, and `POST` when it names the post that its row hangs on: its feature then deletes both in an `.erasure.ts`, and
 * apps/e2e/src/full-account.ts fills it.
 */
export const idColumns: Record<string, IdColumn> = {
  'user.account_action.id': no('the action'),
  'user.account_action.moderator_id': MODERATION,
  'user.account_action.user_id': MODERATION,
  'user.account_action.content_id': no('the post or comment'),
  'user.erasure.id': no('the receipt'),
  'user.erasure.user_id': kept('the receipt says what became of the account (ADR 14)'),
  'user.erasure_part.erasure_id': no('the receipt'),
  'user.bio_mention.user_id': USER,
  'user.bio_mention.mentioned_id': USER,
  'user.block.blocker_id': USER,
  'user.block.blocked_id': USER,
  'user.close_friend.user_id': USER,
  'user.close_friend.friend_id': USER,
  'user.mute.muter_id': USER,
  'user.mute.muted_id': USER,
  'user.dismissed_suggestion.user_id': USER,
  'user.dismissed_suggestion.dismissed_id': USER,
  'user.follow_request.follower_id': USER,
  'user.follow_request.followee_id': USER,
  'user.follow.follower_id': USER,
  'user.follow.followee_id': USER,
  'user.follow_count.user_id': USER,
  'user.follow_count_delta.user_id': USER,
  'user.idempotency_key.key': USER,
  'user.idempotency_key.answer': USER,
  'user.inbox.event_id': no('an event'),
  'user.muted_word.id': no('the word'),
  'user.muted_word.user_id': USER,
  'user.outbox.id': no('the event'),
  'user.outbox.payload': USER,
  'user.outbox.correlation_id': no('the request'),
  'user.outbox.headers': no('the trace of the request'),
  'user.password_change.user_id': USER,
  'user.profile.id': USER,
  'user.profile.avatar_media_id': no('a picture'),
  'user.recovery_code.user_id': USER,
  'user.report.id': no('the report'),
  'user.report.case_id': no('the case'),
  'user.report.reporter_id': USER,
  'user.report.subject_id': USER,
  'user.report.owner_id': USER,
  'user.report_case.id': no('the case'),
  'user.report_case.subject_id': USER,
  'user.report_case.owner_id': USER,
  'user.report_case.resolver_id': MODERATION,
  'user.second_factor.user_id': USER,
  'user.sign_in.id': no('the sign-in'),
  'user.sign_in.user_id': USER,
  'post.author_counter.author_id': USER,
  'post.author_counter_delta.author_id': USER,
  'post.collection.id': no('the collection'),
  'post.collection.owner_id': USER,
  'post.collection_post.collection_id': no('the collection'),
  'post.collection_post.post_id': POST,
  'post.collection_post.owner_id': USER,
  'post.comment.id': no('the comment'),
  'post.comment.post_id': POST,
  'post.comment.author_id': USER,
  'post.comment.parent_id': no('the comment that it answers'),
  'post.comment.top_id': no('the comment that it hangs under'),
  'post.comment_counter_delta.comment_id': no('the comment'),
  'post.comment_like.comment_id': no('the comment'),
  'post.comment_like.post_id': POST,
  'post.comment_like.user_id': USER,
  'post.content_preferences.user_id': USER,
  'post.erased_user.user_id': TOMBSTONE,
  'post.hidden_account.user_id': USER,
  'post.hashtag_follow.user_id': USER,
  'post.idempotency_key.key': USER,
  'post.idempotency_key.answer': USER,
  'post.inbox.event_id': no('an event'),
  'post.post_edit.post_id': POST,
  'post.mention.content_id': no('a post or comment'),
  'post.mention.user_id': USER,
  'post.mention.post_id': POST,
  'post.mention.author_id': USER,
  'post.listed_post.post_id': OWN_POST,
  'post.listed_post.author_id': USER,
  'post.muted_words.user_id': USER,
  'post.muted_words.words': no('the words'),
  'post.outbox.id': no('the event'),
  'post.outbox.payload': USER,
  'post.outbox.correlation_id': no('the request'),
  'post.outbox.headers': no('the trace of the request'),
  'post.post.id': POST,
  'post.post.author_id': USER,
  'post.post.media_ids': no('pictures'),
  'post.post.pinned_comment_id': no('a comment'),
  'post.post.repost_of': POST,
  'post.post.claim_id': no('the claim of the pictures'),
  'post.post_counter_delta.post_id': POST,
  'post.post_hashtag.post_id': OWN_POST,
  'post.post_hashtag.author_id': USER,
  'post.post_like.post_id': POST,
  'post.post_like.user_id': USER,
  'post.post_search.post_id': OWN_POST,
  'post.post_search.author_id': USER,
  'post.relation.viewer_id': USER,
  'post.relation.author_id': USER,
  'post.saved_post.user_id': USER,
  'post.saved_post.post_id': POST,
  'post.reported_content.reporter_id': USER,
  'post.reported_content.content_id': no('a post or comment'),
  'post.reported_content.post_id': POST,
  'post.tagged_user.post_id': POST,
  'post.tagged_user.user_id': USER,
  'post.person_tag.post_id': POST,
  'post.person_tag.media_id': no('the picture'),
  'post.person_tag.user_id': USER,
  'media.erased_owner.owner_id': TOMBSTONE,
  'media.erased_owner.messages_walked_to': no('an event'),
  'media.idempotency_key.key': USER,
  'media.idempotency_key.answer': USER,
  'media.media.id': no('the picture'),
  'media.media.owner_id': USER,
  'media.media.variants': no('the sizes of a picture'),
  'media.media.claim_id': no('the claim of the picture'),
  'media.inbox.event_id': no('an event'),
  'media.outbox.id': no('the event'),
  'media.outbox.subject': USER,
  'media.outbox.payload': USER,
  'media.outbox.correlation_id': no('the request'),
  'media.outbox.headers': no('the trace of the request'),
  'notification.deleted_comment.comment_id': no('a comment'),
  'notification.deleted_post.post_id': no('a post'),
  'notification.hidden_post.post_id': no('a post'),
  'notification.erased_user.user_id': TOMBSTONE,
  'notification.hidden_account.user_id': USER,
  'notification.idempotency_key.key': USER,
  'notification.idempotency_key.answer': no('how many notifications are unread'),
  'notification.mail.id': no('the mail'),
  'notification.mail.content': no('the words of a mail'),
  'notification.muted_words.user_id': USER,
  'notification.muted_words.words': no('the words'),
  'notification.notification.id': no('the notification'),
  'notification.notification.recipient_id': USER,
  'notification.notification.actor_id': USER,
  'notification.notification.subject_id': USER,
  'notification.notification.post_id': no('a post'),
  'notification.inbox.event_id': no('an event'),
  'notification.outbox.id': no('the event'),
  'notification.outbox.subject': USER,
  'notification.outbox.payload': USER,
  'notification.outbox.correlation_id': no('the request'),
  'notification.outbox.headers': no('the trace of the request'),
  'notification.recipient.id': USER,
  'notification.relation.viewer_id': USER,
  'notification.relation.author_id': USER,
};

/** The columns from which an erasure removes the user. */
export const erasedColumns = Object.keys(idColumns).filter((column) => idColumns[column] === USER);

/** The columns from which an erasure removes the posts of the user, with what others have left there. */
export const postColumns = Object.keys(idColumns).filter((column) => idColumns[column] === POST);

/** The columns in which the id of an erased user stays. */
export const keptColumns = Object.keys(idColumns).filter((column) => 'kept' in Object(idColumns[column]));
