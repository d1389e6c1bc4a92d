import type { Document } from '../document.js';
import { FowergramError } from '../errors.js';
import type { Operations, RequestOptions } from './operations.js';

/** A page of any list of the API. */
export interface Connection<Node> {
  edges: { cursor: string; node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** What finds the list in the data of an operation. */
export type Pick<Data, Node> = (data: Data) => Connection<Node> | null | undefined;

/** The pages of a list, each asked for when it is wanted; none where there is no such list. */
export async function* listPages<Data, Variables extends object, Node>(
  request: Operations['request'],
  document: Document<Data, Variables>,
  variables: Variables,
  pick: Pick<Data, Node>,
  options: RequestOptions = {},
): AsyncGenerator<Connection<Node>, void> {
  let after: string | null | undefined;
  for (;;) {
    const asked = after === undefined ? variables : { ...variables, after };
    const page = pick(await request(document as Document<Data, object>, asked, options));
    if (!page) return;
    yield page;
    const { hasNextPage, endCursor } = page.pageInfo;
    if (!hasNextPage) return;
    // A list that does not go on would be read for ever.
    if (endCursor === null || endCursor === after)
      throw new FowergramError('The list does not go on after its cursor.', { code: 'BAD_ANSWER' });
    after = endCursor;
  }
}

/** The entries of a list, one by one; stop when there are enough. */
export async function* listNodes<Data, Variables extends object, Node>(
  ...args: Parameters<typeof listPages<Data, Variables, Node>>
): AsyncGenerator<Node, void> {
  for await (const { edges } of listPages(...args)) for (const { node } of edges) yield node;
}
