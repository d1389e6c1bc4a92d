import { Fragment, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { Entity } from '@fowergram/client/operations';

/** What the author says about a post. */
export function Caption({
  post,
}: {
  post: { caption: string; captionEntities: Entity[]; author: { username: string } };
}) {
  if (!post.caption) return null;
  return (
    <p className="caption">
      <Link href={`/u/${post.author.username}`} className="name">
        {post.author.username}
      </Link>{' '}
      <Text text={post.caption} entities={post.captionEntities} />
    </p>
  );
}

/** A text with its hashtags, and links to those whom it mentions. */
export function Text({ text, entities }: { text: string; entities: Entity[] }) {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const entity of entities) {
    const shown = text.slice(entity.start, entity.end);
    parts.push(text.slice(end, entity.start), markedUp(entity, shown));
    end = entity.end;
  }
  parts.push(text.slice(end));
  return parts.map((part, index) => <Fragment key={index}>{part}</Fragment>);
}

function markedUp({ user, hashtag }: Entity, shown: string): ReactNode {
  if (user) return <Link href={`/u/${user.username}`}>{shown}</Link>;
  return hashtag ? <span className="hashtag">{shown}</span> : shown;
}
