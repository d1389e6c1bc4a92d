import { type Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, type Page } from '@fowergram/contracts-core';

@ObjectType({ description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field({ description: 'True when there is more behind endCursor; of a page asked for with `before`, always.' })
  hasNextPage: boolean;

  @Field({ description: 'True when there is more before startCursor; of a page asked for with `after`, always.' })
  hasPreviousPage: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Give it as `before` to read back a list that takes it. Null when the page is empty and nothing else was looked at.',
  })
  startCursor: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Give it as `after` to get the next page. Null when the page is empty and nothing else was looked at.',
  })
  endCursor: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many items: 0 to ${MAX_PAGE_SIZE}, ${DEFAULT_PAGE_SIZE} if left out.`,
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The cursor behind which the page starts, up to 200 characters. It stays valid while items come and go, for this list with these arguments and for you; any other text is BAD_USER_INPUT (BAD_CURSOR): then begin anew.',
  })
  after?: string | null;
}

@ArgsType()
export class TwoWayPageArgs extends PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many items, read back from the end of the list or from \`before\`: 0 to ${MAX_PAGE_SIZE}. Not together with \`first\` or \`after\`.`,
  })
  last?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The cursor before which the page ends, up to 200 characters, as for `after`. The page has the order of the list.',
  })
  before?: string | null;
}

export interface ConnectionOf<N> {
  edges: { cursor: string; node: N }[];
  pageInfo: PageInfo;
}

/** Makes the two GraphQL types of a list: `<name>Edge` and `<name>Connection`. */
export function connectionTypes(name: string, node: () => Type) {
  @ObjectType(`${name}Edge`, { description: 'One item of a list, and its place there.' })
  class Edge {
    @Field({ description: 'Give it as `after` to continue the list behind this item.' })
    cursor: string;

    @Field(node, { description: 'The item itself.' })
    node: unknown;
  }

  @ObjectType(`${name}Connection`, {
    description:
      'One page of a list. A page may be shorter than asked for, even empty, since what you may not see is left out; pageInfo alone says whether more follows.',
  })
  class Connection {
    @Field(() => [Edge], { description: 'The items, in the order of the list.' })
    edges: Edge[];

    @Field(() => PageInfo, { description: 'How to go on from here.' })
    pageInfo: PageInfo;
  }
  return { Edge, Connection };
}

/** The page arguments as the contracts take them. */
export function pageInput({ first, after, last, before }: TwoWayPageArgs) {
  const byDefault = first == null && last == null ? DEFAULT_PAGE_SIZE : undefined;
  return {
    first: first ?? (before == null ? byDefault : undefined),
    after,
    last: last ?? (before == null ? undefined : byDefault),
    before,
  };
}

/** Shows a page of a contract as a connection; the edges are used as they are. */
export function toConnection<N>({ edges, hasNextPage: goesOn, next }: Page<N>, args: TwoWayPageArgs): ConnectionOf<N> {
  const isBackward = args.last != null || args.before != null;
  return {
    edges,
    pageInfo: {
      hasNextPage: isBackward ? args.before != null : goesOn,
      hasPreviousPage: isBackward ? goesOn : args.after != null,
      startCursor: (isBackward ? next : undefined) ?? edges[0]?.cursor ?? null,
      endCursor: (isBackward ? undefined : next) ?? edges.at(-1)?.cursor ?? null,
    },
  };
}
