import { registerEnumType } from '@nestjs/graphql';
import { PostState as PostStateSchema, PublishProblem as PublishProblemSchema } from '@fowergram/contracts-post';

export const PostState = PostStateSchema.enum;
registerEnumType(PostState, {
  name: 'PostState',
  description: 'How far a post has come in its life. Others than its author see it while it is PUBLISHED.',
  valuesMap: {
    DRAFT: { description: 'Not published yet, and perhaps not complete.' },
    SCHEDULED: { description: 'It is published by itself at publishAt, or as soon as its media are READY after it.' },
    PUBLISHED: { description: 'Its audience sees it.' },
    ARCHIVED: {
      description: 'Taken back by its author, with all that was said about it, until it is published again.',
    },
    DELETED: { description: 'Its author can restore it for 30 days; then it is erased with its pictures.' },
  },
});

export const PublishProblem = PublishProblemSchema.enum;
registerEnumType(PublishProblem, {
  name: 'PublishProblem',
  description: 'Why a post that should have been published is a draft again. More may come.',
  valuesMap: {
    MEDIA_REJECTED: {
      description: 'One of its pictures was refused: rejectionCode and rejectionReason of it say why.',
    },
    MEDIA_GONE: { description: 'One of its pictures is not there any more, or belongs to another post.' },
  },
});
