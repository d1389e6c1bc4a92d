import type { Audience, CommentPolicy, Post, PostState, PublishProblem } from '@fowergram/contracts-post';
import { commentPolicyIn } from './comment-policy.rules.js';

export interface PostRow {
  id: string;
  code: string;
  author_id: string;
  caption: string;
  /** Lists travel joined by commas, which neither ids nor hashtags contain, and times as numbers: the driver's own parsers are slow. */
  media_ids: string;
  hashtags: string;
  location: string | null;
  /** Details as JSON; null for a post that has USUAL ones. */
  details: string | null;
  created_ms: number;
  like_count: number;
  comment_count: number;
  viewer_has_liked: boolean;
}

/** What is the same in nearly every post, and costs a page of usual ones a single column. */
interface Details {
  commentPolicy: CommentPolicy;
  isSensitive: boolean;
  contentWarning: string | null;
  audience: Audience;
  state: PostState;
  version: number;
  hiddenReason?: string;
  publishProblem?: PublishProblem;
  pinnedCommentId?: string;
  coAuthorIds?: string[];
  repostOf: string | null;
  repostCount: number;
  /** For the author alone. */
  saveCount: number;
  editedMs: number | null;
  publishMs: number | null;
}

const USUAL: Details = {
  commentPolicy: 'EVERYONE',
  isSensitive: false,
  contentWarning: null,
  audience: 'PUBLIC',
  state: 'PUBLISHED',
  version: 1,
  repostOf: null,
  repostCount: 0,
  saveCount: 0,
  editedMs: null,
  publishMs: null,
};

const msOf = (time: string): string => `(date_part('epoch', ${time}) * 1000)::bigint`;

// The two go together: what is not asked for by IS_USUAL is read as USUAL says.
const IS_USUAL = `not p.comments_disabled and not p.comments_for_followers and p.audience = 'PUBLIC' and p.state = 'PUBLISHED' and p.version = 1
    and p.hidden_reason is null and not p.is_sensitive and p.content_warning is null and p.edited_at is null and p.publish_at is null
    and p.pinned_comment_id is null and not p.was_shared
    and p.repost_of is null and p.repost_count + d.reposts = 0 and (p.author_id is distinct from $1::uuid or p.save_count + d.saves = 0)`;
const AS_JSON = `json_strip_nulls(json_build_object(
      'commentPolicy', ${commentPolicyIn('p')}, 'audience', p.audience, 'state', p.state, 'version', p.version,
      'hiddenReason', p.hidden_reason, 'pinnedCommentId', p.pinned_comment_id, 'publishProblem', p.publish_problem, 'isSensitive', p.is_sensitive, 'contentWarning', p.content_warning,
      'coAuthorIds', p.co_author_ids, 'repostOf', p.repost_of, 'repostCount', p.repost_count + d.reposts,
      'saveCount', case when p.author_id = $1::uuid then p.save_count + d.saves else 0 end, 'editedMs', ${msOf('p.edited_at')}, 'publishMs', ${msOf('p.publish_at')}
    ))`;

const COUNTS = `p.like_count + d.likes as like_count, p.comment_count + d.comments as comment_count,
    exists (select from post_like l where l.post_id = p.id and l.user_id = $1::uuid) as viewer_has_liked`;

const DELTAS = `cross join lateral (
    select coalesce(sum(likes), 0)::integer as likes, coalesce(sum(comments), 0)::integer as comments, coalesce(sum(saves), 0)::integer as saves,
      coalesce(sum(reposts), 0)::integer as reposts
    from post_counter_delta where post_id = p.id
  ) d`;

/**
 * Selects posts from `source`, a table expression named p, as the viewer in $1 (null for nobody) sees them. Counts are what is
 * stored plus what is not aggregated yet: one statement is one snapshot, so an aggregation that commits meanwhile is seen whole or not
 * at all. A list that is ordered by something else of `source` names the columns that it needs besides.
 */
export const selectPosts = (source: string, besides: string[] = []): string => `
  select p.id, p.code, p.author_id, p.caption, array_to_string(p.media_ids, ',') as media_ids, array_to_string(p.hashtags, ',') as hashtags,
    p.location, case when not (${IS_USUAL}) then ${AS_JSON}::text end as details,
    ${msOf('p.created_at')} as created_ms, ${COUNTS}${besides.map((column) => `, ${column}`).join('')}
  from ${source}
  ${DELTAS}`;

/** A post of which the usual columns are left out; one that is not usual has them as JSON. */
export interface ReferenceRow {
  id: string;
  author_id: string;
  revision: string;
  created_ms: number;
  like_count: number;
  comment_count: number;
  viewer_has_liked: boolean;
  unusual: string | null;
}

type Columns = Omit<PostRow, 'details'>;
type Unusual = Omit<Columns, keyof ReferenceRow> & { details: Details };

/** Any change of a row gives it another one, whatever it changes; so nothing has to remember to count. */
const REVISION = 'xmin::text as revision';

/** The source of selectReferences and selectRevisions: the posts that a condition is true of, with their revisions. */
export const revisionsWhere = (condition: string): string => `select post.*, ${REVISION} from post where ${condition}`;

/** Selects the same posts as selectPosts would, but of those that are usual only what differs between readings of one revision. */
export const selectReferences = (source: string, besides: string[] = []): string => `
  select p.id, p.author_id, p.revision, ${msOf('p.created_at')} as created_ms, ${COUNTS},
    case when not (${IS_USUAL}) then json_build_object('code', p.code, 'caption', p.caption,
      'media_ids', array_to_string(p.media_ids, ','), 'hashtags', array_to_string(p.hashtags, ','), 'location', p.location,
      'details', ${AS_JSON})::text end as unusual${besides.map((column) => `, ${column}`).join('')}
  from ${source}
  ${DELTAS}`;

/** Selects the usual posts of `source` as selectReferences would, with what the viewer has done with them; the names are those of PostStatus. */
export const selectStatuses = (source: string): string => `
  select p.id, p.revision, p.like_count + d.likes as "likeCount", p.comment_count + d.comments as "commentCount",
    exists (select from post_like l where l.post_id = p.id and l.user_id = $1::uuid) as "viewerHasLiked",
    exists (select from saved_post s where s.post_id = p.id and s.user_id = $1::uuid) as "viewerHasSaved",
    exists (select from post r where r.repost_of = p.id and r.author_id = $1::uuid and r.state = 'PUBLISHED') as "viewerHasReposted"
  from ${source}
  ${DELTAS}
  where ${IS_USUAL} and not exists (select from tagged_user t where t.post_id = p.id)`;

/** The whole post of a row that is not usual; undefined for one that is. */
export function unusualPost(row: ReferenceRow): Post | undefined {
  if (row.unusual === null) return undefined;
  const { details, ...columns } = JSON.parse(row.unusual) as Unusual;
  return postOf({ ...row, ...columns }, details);
}

/** True for a row that has nothing but usual details: two of one revision then differ in their counts alone. */
export const isUsual = (row: PostRow): boolean => row.details === null;

export const toPost = (row: PostRow): Post =>
  postOf(row, row.details === null ? USUAL : (JSON.parse(row.details) as Details));

/** Who is given a hidden post may read why it is hidden, and the author of a draft why it was not published. */
function postOf(row: Columns, given: Partial<Details>): Post {
  const details = { ...USUAL, ...given };
  const post: Post = {
    id: row.id,
    code: row.code,
    authorId: row.author_id,
    caption: row.caption,
    mediaIds: listOf(row.media_ids),
    hashtags: listOf(row.hashtags),
    location: row.location,
    commentsDisabled: details.commentPolicy === 'NOBODY',
    commentPolicy: details.commentPolicy,
    isSensitive: details.isSensitive,
    contentWarning: details.contentWarning,
    audience: details.audience,
    state: details.state,
    version: details.version,
    likeCount: row.like_count,
    commentCount: row.comment_count,
    viewerHasLiked: row.viewer_has_liked,
    repostOf: details.repostOf,
    repostCount: details.repostCount,
    saveCount: details.saveCount,
    createdAt: new Date(row.created_ms).toISOString(),
    editedAt: timeOf(details.editedMs),
    publishAt: timeOf(details.publishMs),
  };
  if (details.coAuthorIds?.length) post.coAuthorIds = details.coAuthorIds;
  if (details.pinnedCommentId !== undefined) post.pinnedCommentId = details.pinnedCommentId;
  if (details.hiddenReason !== undefined) post.hiddenReason = details.hiddenReason;
  if (details.publishProblem !== undefined) post.publishProblem = details.publishProblem;
  return post;
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const listOf = (joined: string): string[] => (joined === '' ? [] : joined.split(','));
