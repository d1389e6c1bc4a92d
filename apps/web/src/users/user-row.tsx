import { useState } from 'react';
import { Link } from 'wouter';
import type { RelationshipCard, UserCard } from '@fowergram/client/operations';
import { useApp } from '../state/use-app.js';
import { Avatar } from './avatar.js';
import { FollowButton } from './follow-button.js';

/** A user in a list. */
export function UserRow({ user }: { user: UserCard & { relationship: RelationshipCard | null } }) {
  const { me } = useApp();
  const [relationship, setRelationship] = useState(user.relationship);
  return (
    <li className="row">
      <Avatar user={user} size={44} />
      <div className="grow">
        <Link href={`/u/${user.username}`} className="name">
          {user.username}
        </Link>
        <p className="faint">{user.displayName}</p>
      </div>
      {relationship && user.id !== me.id && (
        <FollowButton user={user} relationship={relationship} onChange={setRelationship} />
      )}
    </li>
  );
}
