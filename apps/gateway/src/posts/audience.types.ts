import { registerEnumType } from '@nestjs/graphql';
import { Audience as AudienceSchema } from '@fowergram/contracts-post';

export const Audience = AudienceSchema.enum;
registerEnumType(Audience, {
  name: 'Audience',
  description: 'Who sees a post besides its author. Whoever is blocked by the author sees none.',
  valuesMap: {
    PUBLIC: { description: 'Everybody; where the account of the author is private, their followers.' },
    FOLLOWERS: { description: 'Who follows the author.' },
    CLOSE_FRIENDS: { description: 'Whom the author counts among their close friends, followers or not.' },
  },
});
