import { Injectable } from '@nestjs/common';
import { badInput } from '@fowergram/contracts-core';
import { mediaRpc } from '@fowergram/contracts-media';
import { Bus } from '@fowergram/messaging';
import { PreferencesRepository } from './preferences.repository.js';

/** Holds users to the alt texts that they require of themselves. */
@Injectable()
export class AltTextsService {
  constructor(
    private readonly bus: Bus,
    private readonly preferences: PreferencesRepository,
  ) {}

  /** Throws BAD_USER_INPUT at the first of the author's media that has no alt text, where the author wants none to be without. */
  async requireOf(authorId: string, mediaIds: string[]): Promise<void> {
    if ((await this.preferences.of(authorId)).altText !== 'REQUIRE') return;
    const media = await this.bus.call(mediaRpc.byIds, { ids: mediaIds, ownerId: authorId });
    const described = new Set(media.filter(({ altText }) => altText).map(({ id }) => id));
    const known = new Set(media.map(({ id }) => id));
    const index = mediaIds.findIndex((id) => known.has(id) && !described.has(id));
    if (index >= 0)
      throw badInput(['mediaIds', index], 'You post no picture without an alt text.', 'ALT_TEXT_REQUIRED');
  }
}
