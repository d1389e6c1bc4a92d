import type { AppClient, GraphqlAnswer } from '../app-client.js';
import type { ListCase, OpenList } from './cases.js';

export interface PageRead {
  ids: string[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

interface Connection {
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: Omit<PageRead, 'ids'>;
}

type Answer = GraphqlAnswer<{ list?: Connection; owner?: { list?: Connection } }>;

const PAGE = 'edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

/** Reads pages of one list as a client does. */
export class ListReader {
  constructor(
    private readonly listCase: ListCase,
    private readonly list: Pick<OpenList, 'ownerId' | 'owner'>,
    private readonly client: AppClient,
  ) {}

  /** The answer to a page with these arguments. */
  answer(args: Record<string, unknown>): Promise<Answer> {
    const [type, field] = this.listCase.field.split('.');
    const given = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    const all = [this.listCase.args ?? [], given].flat().join(', ');
    const list = `list: ${field}${all ? `(${all})` : ''} { ${PAGE} }`;
    if (type === 'Query') return this.client.answer(`{ ${list} }`);
    const { owner, ownerId } = this.list;
    if (ownerId === undefined) return this.client.answer(`{ owner: ${owner ?? lowerFirst(type!)} { ${list} } }`);
    return this.client.answer(`query ($id: ID!) { owner: node(id: $id) { ... on ${type} { ${list} } } }`, {
      id: ownerId,
    });
  }

  /** The page with these arguments; throws where there is an error. */
  async read(args: Record<string, unknown>): Promise<PageRead> {
    const { data, errors } = await this.answer(args);
    const list = data?.list ?? data?.owner?.list;
    if (errors || !list) throw new Error(`${this.listCase.field}: ${JSON.stringify({ args, errors, data })}`);
    return {
      ...list.pageInfo,
      ids: list.edges.map(({ node }) => node.id.slice(node.id.lastIndexOf('_') + 1)),
    };
  }
}

const lowerFirst = (name: string): string => name[0]!.toLowerCase() + name.slice(1);
