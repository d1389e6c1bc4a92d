import type { UserCard } from '@fowergram/client/operations';

/** The picture of a user, or their first letter; the name stands beside it. */
export function Avatar({ user, size = 36 }: { user: Pick<UserCard, 'username' | 'avatar'>; size?: number }) {
  const url = user.avatar?.variants.find(({ width }) => width >= size * 2)?.url ?? user.avatar?.variants.at(-1)?.url;
  const style = { width: size, height: size, fontSize: size * 0.44 };
  if (url) return <img className="avatar" src={url} alt="" style={style} />;
  return (
    <span className="avatar" aria-hidden="true" style={{ ...style, '--hue': hueOf(user.username) } as object}>
      {user.username[0]!.toUpperCase()}
    </span>
  );
}

/** Always the same colour for the same name. */
const hueOf = (name: string): number => [...name].reduce((hue, letter) => (hue * 31 + letter.charCodeAt(0)) % 360, 7);
