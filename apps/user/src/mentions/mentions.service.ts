import { Injectable } from '@nestjs/common';
import { mentionsOf, type Parsed } from '@fowergram/contracts-core';
import type { BioMentions, Mention, mentionRpc } from '@fowergram/contracts-user';
import type { Tx } from '@fowergram/database';
import { MentionsRepository } from './mentions.repository.js';

/** Whom the names in texts name, and whom bios mention; nobody is notified of a bio. */
@Injectable()
export class MentionsService {
  constructor(private readonly mentions: MentionsRepository) {}

  resolve({ writerId, names }: Parsed<typeof mentionRpc.resolve>): Promise<Mention[]> {
    return this.mentions.resolve(writerId, names);
  }

  ofBios({ ids }: Parsed<typeof mentionRpc.ofBios>): Promise<BioMentions[]> {
    return this.mentions.ofBios(ids);
  }

  async storeOfBio(tx: Tx, userId: string, bio: string): Promise<void> {
    const names = mentionsOf(bio);
    const mentions = names.length === 0 ? [] : await this.mentions.resolve(userId, names, tx);
    await this.mentions.store(tx, userId, names, mentions);
  }
}
