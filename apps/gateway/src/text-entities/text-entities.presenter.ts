import { entitiesOf, mentionsOf, type TextEntity } from '@fowergram/contracts-core';
import type { Mention, Profile } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';
import { whenKnown } from '../api/context/when-known.js';
import { findUser } from '../users/find-user.js';
import { type Entity, MAX_ENTITIES } from './text-entities.types.js';

/** What is stored of whom a text mentions; null when it mentions nobody. */
type Stored = { mentions: Mention[] } | null;

/** Shows the entities of a text; whom it mentions is looked up only when it mentions somebody. */
export function presentEntities(text: string, stored: () => Stored | Promise<Stored>): Entity[] | Promise<Entity[]> {
  const found = entitiesOf(text).slice(0, MAX_ENTITIES);
  const show = (mentioned: Stored): Entity[] => found.map((entity) => toEntity(entity, idsByName(mentioned)));
  return found.some(({ kind }) => kind === 'mention') ? whenKnown(stored(), show) : show(null);
}

/** The users whom a text mentions and the viewer may see, each once, in the order of their first mention. */
export async function presentMentions(
  text: string,
  stored: () => Stored | Promise<Stored>,
  context: RequestContext,
): Promise<Profile[]> {
  const names = mentionsOf(text);
  if (names.length === 0) return [];
  const byName = idsByName(await stored());
  const ids = [...new Set(names.flatMap((name) => byName.get(name) ?? []))];
  const users = await Promise.all(ids.map((id) => findUser(id, context)));
  return users.filter((user) => user !== null);
}

const idsByName = (stored: Stored): Map<string, string> =>
  new Map(stored?.mentions.map(({ name, userId }) => [name, userId]));

const toEntity = ({ kind, name, start, end }: TextEntity, userIds: Map<string, string>): Entity =>
  kind === 'hashtag'
    ? { start, end, hashtag: { name }, userId: null }
    : { start, end, hashtag: null, userId: userIds.get(name) ?? null };
