import { badInput } from '@fowergram/contracts-core';
import { type Report, SubjectKind } from '@fowergram/contracts-user';
import { parseGlobalId } from '../api/schema/global-id.js';
import type { RequestContext } from '../api/context/request-context.js';
import { findUser } from '../users/find-user.js';
import { lookUpComment, lookUpPost } from '../posts/look-up-content.js';

/** Something that can be reported. */
export interface Subject {
  kind: SubjectKind;
  id: string;
}

type Find<T> = (id: string, context: RequestContext) => T | null | Promise<T | null>;

/** Reads the id of a user, post or comment; throws BAD_USER_INPUT for anything else. */
export function parseSubjectId(value: string, path: string[]): Subject {
  const { kind, id } = parseGlobalId(value, path);
  const parsed = SubjectKind.safeParse(kind);
  if (!parsed.success) throw badInput(path, 'Only users, posts and comments can be reported.');
  return { kind: parsed.data, id };
}

/** What the viewer sees under an id, as its owner decides. */
const FIND: Record<SubjectKind, Find<object>> = {
  user: findUser,
  post: lookUpPost,
  comment: lookUpComment,
};

/** What was reported, for the viewer. */
export const findSubject = ({ subjectKind, subjectId }: Report, context: RequestContext) =>
  FIND[subjectKind](subjectId, context);

const FIND_OWNER: Record<SubjectKind, Find<string>> = {
  user: async (id, context) => ((await findUser(id, context)) ? id : null),
  post: async (id, context) => (await lookUpPost(id, context))?.authorId ?? null,
  comment: async (id, context) => (await lookUpComment(id, context))?.authorId ?? null,
};

/** Who is reported, or has written what is; null for what the viewer does not see. */
export const findOwner = ({ kind, id }: Subject, context: RequestContext) => FIND_OWNER[kind](id, context);
