import { Field, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  AltTextPreference as AltTextPreferenceSchema,
  type ContentPreferences,
  MediaDisplay as MediaDisplaySchema,
} from '@fowergram/contracts-post';

const AltTextPreference = AltTextPreferenceSchema.enum;
registerEnumType(AltTextPreference, {
  name: 'AltTextPreference',
  description: 'What happens when you post pictures without an alt text.',
  valuesMap: {
    NONE: { description: 'The post is published, and nothing reminds you.' },
    REMIND: { description: 'The app reminds you; the post is published all the same.' },
    REQUIRE: { description: 'The post is refused: BAD_USER_INPUT (ALT_TEXT_REQUIRED).' },
  },
});

export const MediaDisplay = MediaDisplaySchema.enum;
registerEnumType(MediaDisplay, {
  name: 'MediaDisplay',
  description: 'How sensitive pictures are shown.',
  valuesMap: {
    SHOW: { description: 'Like any other.' },
    BLUR: { description: 'Behind the contentWarning and a blur, until the viewer asks for them.' },
    HIDE: {
      description: 'Not at all: such posts of others are in no feed and no list, and blank where they are asked for.',
    },
  },
});

@ObjectType('ContentPreferences', {
  description: 'How you want to meet the posts of others, and to write your own. Only you see it.',
})
export class ContentPreferencesType implements Omit<ContentPreferences, 'userId'> {
  @Field(() => AltTextPreference, {
    description: 'What happens when you post pictures without an alt text; at first NONE.',
  })
  altText: ContentPreferences['altText'];

  @Field(() => MediaDisplay, { description: 'How you want to meet sensitive pictures of others; at first BLUR.' })
  sensitiveMedia: ContentPreferences['sensitiveMedia'];

  @Field({ description: 'True when others see where you are tagged only once you have approved it; at first false.' })
  approvesTags: boolean;
}

@InputType({ description: 'What to change of your preferences; what is left out stays.' })
export class ContentPreferencesInput {
  @Field(() => AltTextPreference, {
    nullable: true,
    description: 'What happens when you post pictures without an alt text.',
  })
  altText?: ContentPreferences['altText'] | null;

  @Field(() => MediaDisplay, { nullable: true, description: 'How you want to meet sensitive pictures of others.' })
  sensitiveMedia?: ContentPreferences['sensitiveMedia'] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True shows where you are tagged only once you have approved it.',
  })
  approvesTags?: boolean | null;
}
