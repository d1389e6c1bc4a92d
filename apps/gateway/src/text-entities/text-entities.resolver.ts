import { ResolveField, Resolver } from '@nestjs/graphql';
import type { Comment, Post } from '@fowergram/contracts-post';
import type { Profile } from '@fowergram/contracts-user';
import type { RequestContext } from '../api/context/request-context.js';
import { CommentType } from '../comments/comments.types.js';
import { PostType } from '../posts/posts.types.js';
import { findUser } from '../users/find-user.js';
import { UserType } from '../users/users.types.js';
import { presentEntities, presentMentions } from './text-entities.presenter.js';
import { CaptionEntity, describeEntities, type Entity } from './text-entities.types.js';

type Entities = Entity[] | Promise<Entity[]>;

@Resolver(() => PostType)
export class CaptionEntitiesResolver {
  @ResolveField(() => [CaptionEntity], { description: describeEntities('caption') })
  captionEntities({ id, caption }: Post, _args: unknown, { loaders }: RequestContext): Entities {
    return presentEntities(caption, () => loaders.contentMentions.get(id));
  }

  @ResolveField(() => [UserType], {
    description: 'The users whom the caption mentions and you may see, in the order of their first mention.',
  })
  mentions({ id, caption }: Post, _args: unknown, context: RequestContext): Promise<Profile[]> {
    return presentMentions(caption, () => context.loaders.contentMentions.get(id), context);
  }
}

@Resolver(() => CommentType)
export class CommentEntitiesResolver {
  @ResolveField(() => [CaptionEntity], { description: describeEntities('text') })
  textEntities({ id, text }: Comment, _args: unknown, { loaders }: RequestContext): Entities {
    return presentEntities(text, () => loaders.contentMentions.get(id));
  }
}

@Resolver(() => UserType)
export class BioEntitiesResolver {
  @ResolveField(() => [CaptionEntity], { description: describeEntities('bio') })
  bioEntities({ id, bio }: Profile, _args: unknown, { loaders }: RequestContext): Entities {
    return presentEntities(bio, () => loaders.bioMentions.get(id));
  }
}

@Resolver(() => CaptionEntity)
export class TextEntitiesResolver {
  @ResolveField(() => UserType, {
    nullable: true,
    description:
      'Whom the text meant when it was written, whatever the name is now; null for a hashtag, and for a name of nobody whom you may see.',
  })
  user({ userId }: Entity, _args: unknown, context: RequestContext): Profile | null | Promise<Profile | null> {
    return userId === null ? null : findUser(userId, context);
  }
}
