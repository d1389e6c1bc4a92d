import { Args, Context, ID, Info, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { MAX_MUTED_WORDS, type MutedWord, mutedWordRpc } from '@fowergram/contracts-user';
import { inInput, type RequestContext } from '../api/context/request-context.js';
import { ViewerId } from '../api/context/viewer.decorator.js';
import { globalId, parseId } from '../api/schema/global-id.js';
import { putIntoForce } from '../visibility/put-into-force.js';
import { AddMutedWordInput, MutedWordType } from './muted-words.types.js';

@Resolver(() => MutedWordType)
export class MutedWordsResolver {
  @Query(() => [MutedWordType], {
    nullable: true,
    description: 'The words that you have muted, latest first; those whose mute has ended are gone.',
  })
  mutedWords(@ViewerId() userId: string, @Context() context: RequestContext): Promise<MutedWord[]> {
    return context.ask(mutedWordRpc.list, { userId });
  }

  @Mutation(() => MutedWordType, {
    description: `Mutes a word: posts with it leave your feed, comments with it are marked (Comment.isMuted), and you are not notified of them. A word that is muted already gets the new end; ${MAX_MUTED_WORDS} at most (FORBIDDEN, MUTED_WORD_LIMIT).`,
  })
  async addMutedWord(
    @ViewerId() userId: string,
    @Args('input', { description: 'What to mute, and until when.' }) { text, expiresAt }: AddMutedWordInput,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MutedWord> {
    const { word, list } = await context.command(info, mutedWordRpc.add, { userId, text, expiresAt }, inInput);
    await putIntoForce({ relations: [], accounts: [], mutedWords: list }, context, { hides: true });
    return word;
  }

  @Mutation(() => ID, {
    description: 'Mutes a word no longer, and answers its id; where you have no such word, nothing happens.',
  })
  async removeMutedWord(
    @ViewerId() userId: string,
    @Args('id', { type: () => ID, description: 'The id of a word that you have muted.' }) id: string,
    @Context() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<string> {
    const { list } = await context.command(info, mutedWordRpc.remove, {
      userId,
      id: parseId('muted-word', id, ['id']),
    });
    await putIntoForce({ relations: [], accounts: [], mutedWords: list }, context, { hides: false });
    return id;
  }

  @ResolveField()
  id({ id }: MutedWord): string {
    return globalId('muted-word', id);
  }
}
