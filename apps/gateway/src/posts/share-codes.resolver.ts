import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { type Post, postRpc } from '@fowergram/contracts-post';
import type { RequestContext } from '../api/context/request-context.js';
import { PostType } from './posts.types.js';
import { byVisibleAuthors } from './visible-authors.js';

@Resolver()
export class ShareCodesResolver {
  @Query(() => PostType, {
    nullable: true,
    description: 'The post that a link leads to; null when there is none that you may see.',
  })
  async postByCode(
    @Args('code', { description: 'The code of a post; what cannot be one is BAD_USER_INPUT.' }) code: string,
    @Context() context: RequestContext,
  ): Promise<Post | null> {
    const { post } = await context.query(postRpc.byCode, { code, viewerId: context.viewerId });
    const [shown] = await byVisibleAuthors(post ? [post] : [], context);
    return shown ?? null;
  }
}
