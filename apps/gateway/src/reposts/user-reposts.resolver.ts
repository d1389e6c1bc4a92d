import { ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Post, repostRpc } from '@fowergram/contracts-post';
import type { Profile } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';
import { type ConnectionOf, PageArgs, pageInput } from '../api/schema/connection.types.js';
import { FieldArgs } from '../api/schema/field-args.decorator.js';
import { presentPosts } from '../posts/posts.presenter.js';
import { PostConnection } from '../posts/posts.types.js';
import { UserType } from '../users/users.types.js';

@Resolver(() => UserType)
export class UserRepostsResolver {
  @ResolveField(() => PostConnection, {
    description: 'What they have passed on, newest first; posts and postCount are without it.',
  })
  @FieldArgs(PageArgs)
  async reposts(
    { id }: Profile,
    args: PageArgs,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionOf<Post>> {
    const input = { authorId: id, viewerId: context.viewerId, ...pageInput(args) };
    return presentPosts(await context.query(repostRpc.byAuthor, input), args, context, info);
  }
}
