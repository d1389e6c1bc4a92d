import { type Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import type { Page } from '@fowergram/contracts-core';

@ObjectType({ description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field({ description: 'True when there is more behind endCursor.' })
  hasNextPage: boolean;

  @Field({ description: 'True when the page was asked for with `after`.' })
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true })
  startCursor: string | null;

  @Field(() => String, { nullable: true, description: 'Give it as `after` to get the next page.' })
  endCursor: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many items: 1 to 100, 20 if left out.' })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor behind which the page starts; cursors stay valid while items come and go.',
  })
  after?: string | null;
}

export interface ConnectionOf<N> {
  edges: { cursor: string; node: N }[];
  pageInfo: PageInfo;
}

/** Makes the two GraphQL types of a list: `<name>Edge` and `<name>Connection`. */
export function connectionTypes(name: string, node: () => Type) {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field({ description: 'Continues the list behind this item.' })
    cursor: string;

    @Field(node)
    node: unknown;
  }

  @ObjectType(`${name}Connection`, { description: 'One page of a list.' })
  class Connection {
    @Field(() => [Edge])
    edges: Edge[];

    @Field(() => PageInfo)
    pageInfo: PageInfo;
  }
  return { Edge, Connection };
}

/** The page arguments as the contracts take them; what was left out stays left out, so that the contract's default holds. */
export const pageInput = ({ first, after }: PageArgs): { first?: number; after?: string | null } => ({
  first: first ?? undefined,
  after,
});

/** Shows a page of a contract as a connection; the edges are used as they are. */
export function toConnection<N>({ edges, hasNextPage }: Page<N>, { after }: PageArgs): ConnectionOf<N> {
  return {
    edges,
    pageInfo: {
      hasNextPage,
      hasPreviousPage: after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
