import { eventually } from '@fowergram/testing';
import { requireDocumented } from '../../../gateway/test/support/openapi.js';
import type { Path, Question } from './path.js';
import { nothingLike } from './unseen.js';

export type Ask = (question: Question) => string | Promise<string>;

/** What is not seen looks like what does not exist; who has no session any more learns that alone. */
const QUIET = new Set([200, 201, 204, 401, 404]);
const NOTHING = 'There is nothing here that you may see.';

/** Asks a route, and throws where it is refused in another way than what does not exist, or answers what is not documented. */
async function ask({ client }: Question, route: string, value: string, query = '', body?: object) {
  const [method = '', path = ''] = route.split(' ');
  const address = path.replace(/\{\w+\}/, encodeURIComponent(value)) + query;
  // Whoever asks all routes at once may be refused for that, which says nothing of what they may see.
  const answer = await eventually(async () => {
    const given = await client.rest(method, address, body);
    if ((given.body as { reason?: string } | undefined)?.reason === 'OVERLOADED') throw new Error(saidIn(given.body));
    return given;
  });
  if (!QUIET.has(answer.status)) throw new Error(`${address}: ${answer.status} ${JSON.stringify(answer.body)}`);
  if (answer.status !== 204) requireDocumented(method.toLowerCase(), path, answer.status, answer.body);
  return answer;
}

/** What a problem says, but for the request that it belongs to. */
const saidIn = (body: unknown): string => JSON.stringify({ ...(body as object), correlationId: '' });

interface Reading extends Pick<Path, 'acts' | 'notForModerators'> {
  /** A member of the answer that has a path of its own, and is not looked into here. */
  beside?: string;
}

/** Reads from a route, and says whether the answer shows what is wanted. */
export const reads = (field: string, path: string, value: Ask, wanted: Ask, more: Reading = {}): Path => {
  const [bare = '', query] = path.split('?');
  const route = `GET ${bare}`;
  const { beside, ...flags } = more;
  const shown = (body: unknown) => JSON.stringify(body, (key, value: unknown) => (key === beside ? undefined : value));
  return {
    fields: [field],
    route,
    ...flags,
    sees: async (question) => {
      const given = await value(question);
      const { status, body } = await ask(question, route, given, query && `?${query.replace('{}', given)}`);
      if (status === 404 && (body as { detail: string }).detail !== NOTHING) throw new Error(saidIn(body));
      return status === 200 && shown(body).includes(await wanted(question));
    },
  };
};

/** Does something by a route, which another one undoes; where it is refused, what exists nowhere is refused in the same words. */
export const acts = (field: string, route: string, undo: string, value: Ask, body?: object): Path => ({
  fields: [field],
  route,
  acts: true,
  sees: async (question) => {
    const given = await value(question);
    const { status, body: shown } = await ask(question, route, given, '', body);
    if (status < 400) {
      const made = undo.startsWith('DELETE /comments/') ? (shown as { id: string }).id : given;
      await ask(question, undo, made);
      return true;
    }
    const nowhere = await ask(question, route, nothingLike(given), '', body);
    if (saidIn(nowhere.body) !== saidIn(shown)) throw new Error(`${saidIn(shown)} is not ${saidIn(nowhere.body)}`);
    return false;
  },
});
