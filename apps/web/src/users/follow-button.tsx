import { useState } from 'react';
import { followUser, type RelationshipCard, unfollowUser } from '@fowergram/client/operations';
import { Failure } from '../parts/failure.js';
import { useApp } from '../state/use-app.js';

interface Props {
  user: { id: string; username: string };
  relationship: RelationshipCard;
  onChange: (relationship: RelationshipCard) => void;
}

/** Follows and unfollows. */
export function FollowButton({ user, relationship, onChange }: Props) {
  const { changes, feed } = useApp();
  const [isWaiting, setIsWaiting] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { following, requested } = relationship;
  const toggle = async () => {
    setIsWaiting(true);
    setError(null);
    try {
      const variables = { userId: user.id };
      onChange(
        following || requested
          ? (await changes.send(unfollowUser, variables)).unfollowUser
          : (await changes.send(followUser, variables)).followUser,
      );
      feed.restart();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsWaiting(false);
    }
  };
  return (
    <>
      <button
        className={following || requested ? '' : 'primary'}
        aria-busy={isWaiting}
        onClick={() => !isWaiting && void toggle()}
      >
        {following ? 'Unfollow' : requested ? 'Requested' : 'Follow'}
        <span className="unseen"> {user.username}</span>
      </button>
      <Failure error={error} />
    </>
  );
}
