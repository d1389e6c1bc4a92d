import { Args, Context, ID, Info, Int, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import {
  type Collection,
  collectionRpc,
  MAX_COLLECTION_NAME_LENGTH,
  MAX_COLLECTIONS,
  type Post,
} from '@fowergram/contracts-post';
import { nullIfMissing } from '../api/context/null-if-missing.js';
import type { RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { whenKnown } from '../api/context/when-known.js';
import { type ConnectionOf, PageArgs, pageInput, toConnection } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { ID_DESCRIPTION } from '../api/schema/node.types.js';
import { presentPosts } from '../posts/posts.presenter.js';
import { PostConnection } from '../posts/posts.types.js';
import { CollectionConnection, CollectionType } from './collections.types.js';

/** Of a collection that is deleted while it is read. */
const EMPTY_PAGE = { edges: [], hasNextPage: false };
const NAME = `One line of up to ${MAX_COLLECTION_NAME_LENGTH} characters, of which something can be seen.`;

@Resolver(() => CollectionType)
export class CollectionsResolver {
  @Query(() => CollectionConnection, { nullable: true, description: 'Your collections, newest first.' })
  async collections(
    @ViewerId() userId: string,
    @Args() args: PageArgs,
    @Context() context: RequestContext,
  ): Promise<ConnectionOf<Collection>> {
    return toConnection(await context.query(collectionRpc.list, { userId, ...pageInput(args) }), args);
  }

  @Mutation(() => CollectionType, {
    description: `Makes a collection, which nobody else sees; ${MAX_COLLECTIONS} at most (FORBIDDEN, COLLECTION_LIMIT).`,
  })
  createCollection(
    @ViewerId() userId: string,
    @Args('name', { description: NAME }) name: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Collection> {
    return context.command(info, collectionRpc.create, { userId, name });
  }

  @Mutation(() => CollectionType, { description: 'Gives a collection of yours another name.' })
  renameCollection(
    @ViewerId() userId: string,
    @Args('id', { type: () => ID, description: 'A collection of yours; any other is NOT_FOUND.' }) id: string,
    @Args('name', { description: NAME }) name: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Collection> {
    return context.command(info, collectionRpc.rename, { id: parseId('collection', id, ['id']), userId, name });
  }

  @Mutation(() => ID, {
    description:
      'Deletes a collection, and answers its id; what was in it stays saved. Where you have no such collection, nothing happens.',
  })
  async deleteCollection(
    @ViewerId() userId: string,
    @Args('id', { type: () => ID, description: 'The id of a collection of yours.' }) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<string> {
    await context.command(info, collectionRpc.delete, { id: parseId('collection', id, ['id']), userId });
    return id;
  }

  @ResolveField(() => ID, { description: ID_DESCRIPTION })
  id({ id }: Collection): string {
    return globalId('collection', id);
  }

  @ResolveField(() => Int, {
    description: 'Counts everything that you have put there, also what you may not see now; the list leaves that out.',
  })
  postCount({ id }: Collection, _args: unknown, { loaders }: RequestContext): number | Promise<number> {
    return whenKnown(loaders.collectionCounts.get(id), (counted) => counted?.postCount ?? 0);
  }

  @ResolveField(() => PostConnection, { description: 'What you have put there last comes first.' })
  @FieldArgs(PageArgs)
  async posts(
    { id, ownerId }: Collection,
    args: PageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    const input = { userId: ownerId, collectionId: id, ...pageInput(args) };
    const page = await nullIfMissing(context.query(collectionRpc.posts, input));
    return presentPosts(page ?? EMPTY_PAGE, args, context, info);
  }
}
