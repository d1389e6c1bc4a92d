import type { AppClient, GraphqlAnswer } from '../app-client.js';
import type { Scene, Things } from './scene.js';
import type { Author, Viewer } from './table.js';

export interface Question {
  scene: Scene;
  viewer: Viewer;
  author: Author;
  client: AppClient;
  /** What there is to see. */
  things: Things;
}

/** A way to an object: the fields of the schema that it goes through, and whether the viewer gets there. */
export interface Path {
  fields: string[];
  /** The REST route that it is, such as GET /posts/{id}. */
  route?: string;
  /** It changes something, for which one must be signed in. */
  acts?: true;
  /** Moderators see the object, but not on this way. */
  notForModerators?: true;
  sees: (question: Question) => Promise<boolean>;
}

export const NODE = 'query ($id: ID!) { node(id: $id) { id } }';

/** Asks, and says whether the answer shows the id; what is not seen must look like what does not exist. */
export const shows =
  (query: string, variablesOf: (question: Question) => object, wanted: (question: Question) => string) =>
  async (question: Question): Promise<boolean> => {
    const answer = await question.client.answer(query, variablesOf(question));
    requireQuiet(answer);
    return JSON.stringify(answer.data ?? null).includes(wanted(question));
  };

const QUIET = new Set(['NOT_FOUND', 'UNAUTHENTICATED']);
/** Throws where an answer fails in another way than what does not exist. */
export function requireQuiet({ errors = [] }: GraphqlAnswer<unknown>): void {
  const loud = errors.filter(({ extensions }) => !QUIET.has(extensions.code));
  if (loud.length > 0) throw new Error(JSON.stringify(loud));
}

/** Tries to do something, which it undoes; true when that was possible. */
export const does =
  (mutation: string, undo: string, variablesOf: (question: Question) => object) =>
  async (question: Question): Promise<boolean> => {
    const answer = await question.client.answer(mutation, variablesOf(question));
    requireQuiet(answer);
    if (answer.errors) return false;
    await question.client.request(undo, variablesOf(question));
    return true;
  };

export const authorsId = ({ things }: Question) => things.user.id;
export const byName = ({ things }: Question) => ({ username: things.user.username });
