import { Injectable } from '@nestjs/common';
import { notFound, type Rpc } from '@fowergram/contracts-core';
import type { Post } from '@fowergram/contracts-post';
import type { Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { PostsRepository } from './posts.repository.js';

/** A command that a user gives about a post, which is its answer as well. */
type Command = Rpc & { readonly output: typeof Post };

/** What a command about somebody's post answers. */
@Injectable()
export class PostAnswersService {
  constructor(private readonly posts: PostsRepository) {}

  /** Runs a command once for a key, as withIdempotency does; a repeat is NOT_FOUND when the user may see the post no more. */
  async once(
    tx: Tx,
    key: string | undefined,
    contract: Command,
    input: { postId: string; userId: string },
    effect: () => Promise<void>,
  ): Promise<Post> {
    let isRepeat = true;
    const answer = await withIdempotency(tx, key, contract, input, async () => {
      isRepeat = false;
      await effect();
      return this.seenPost(tx, input);
    });
    if (isRepeat) await this.seenPost(tx, input);
    return answer;
  }

  private async seenPost(tx: Tx, { postId, userId }: { postId: string; userId: string }): Promise<Post> {
    const [post] = await this.posts.byIds(tx, [postId], userId);
    if (!post) throw notFound('post', ['postId']);
    return post;
  }
}
