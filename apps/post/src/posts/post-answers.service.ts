import { Injectable } from '@nestjs/common';
import { notFound, type Rpc } from '@fowergram/contracts-core';
import type { Post } from '@fowergram/contracts-post';
import type { Tx } from '@fowergram/database';
import { withIdempotencyWhileSeen } from '@fowergram/idempotency';
import { PostsRepository } from './posts.repository.js';

/** A command that a user gives about a post, which is its answer as well. */
type Command = Rpc & { readonly output: typeof Post };

/** What a command about somebody's post answers. */
@Injectable()
export class PostAnswersService {
  constructor(private readonly posts: PostsRepository) {}

  /** Runs a command once for a key; a repeat is NOT_FOUND when the user may see the post no more. */
  answer(
    tx: Tx,
    key: string | undefined,
    contract: Command,
    input: { postId: string; userId: string },
    change: () => Promise<void>,
  ): Promise<Post> {
    const see = () => this.seenPost(tx, input);
    const effect = async () => {
      await change();
      return see();
    };
    return withIdempotencyWhileSeen(tx, key, contract, input, { effect, see });
  }

  private async seenPost(tx: Tx, { postId, userId }: { postId: string; userId: string }): Promise<Post> {
    const [post] = await this.posts.byIds(tx, [postId], userId);
    if (!post) throw notFound('post', ['postId']);
    return post;
  }
}
