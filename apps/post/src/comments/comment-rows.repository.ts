import type { Comment } from '@fowergram/contracts-post';

/** A comment, whoever reads it. */
export type StoredComment = Omit<Comment, 'isMuted'>;

export interface CommentRow {
  id: string;
  post_id: string;
  author_id: string;
  text: string;
  created_at: Date;
  hidden_reason: string | null;
}

/** A row of a read in the name of a viewer. */
export interface ReadCommentRow extends CommentRow {
  mutes_words: boolean;
}

/** Comments as a viewer reads them, and whether the viewer has muted words, which may be in some of them. */
export interface ReadComments {
  comments: StoredComment[];
  mutesWords: boolean;
}

export const toReadComments = (rows: ReadCommentRow[]): ReadComments => ({
  comments: rows.map(toComment),
  mutesWords: rows[0]?.mutes_words ?? false,
});

/** Who is given a hidden comment may read why it is hidden. */
export const toComment = (row: CommentRow): StoredComment => ({
  id: row.id,
  postId: row.post_id,
  authorId: row.author_id,
  text: row.text,
  createdAt: row.created_at.toISOString(),
  ...(row.hidden_reason !== null && { hiddenReason: row.hidden_reason }),
});
