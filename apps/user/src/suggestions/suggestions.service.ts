import { Injectable } from '@nestjs/common';
import { badInput, type Output, type Page, type Parsed, toPage } from '@fowergram/contracts-core';
import { discoveryRpc } from '@fowergram/contracts-user';
import { Database } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { VisibleProfilesService } from '../profiles/visible-profiles.service.js';
import { SuggestionsRepository } from './suggestions.repository.js';
import { BEFORE_ALL, suggestionKeyset } from './suggestions.rules.js';

type Dismiss = typeof discoveryRpc.dismissSuggestion;

/** More than anybody dismisses of what is suggested now. */
const REMEMBERED = 1_000;

@Injectable()
export class SuggestionsService {
  constructor(
    private readonly db: Database,
    private readonly suggestions: SuggestionsRepository,
    private readonly profiles: VisibleProfilesService,
  ) {}

  async list({ viewerId, first, after }: Parsed<typeof discoveryRpc.suggestions>): Promise<Page<string>> {
    const behind = after ? suggestionKeyset.keyOf(after) : BEFORE_ALL;
    const rows = await this.suggestions.list(viewerId, behind, first + 1);
    return toPage(rows, first, (row) => ({ cursor: suggestionKeyset.cursorOf(row), node: row.id }));
  }

  dismiss(input: Parsed<Dismiss>, idempotencyKey: string | undefined): Promise<Output<Dismiss>> {
    const { viewerId, dismissedId } = input;
    if (viewerId === dismissedId) throw badInput(['dismissedId'], 'Nobody is suggested to themselves.', 'ONESELF');
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, discoveryRpc.dismissSuggestion, input, async () => {
        await this.profiles.requireActor(tx, viewerId, 'viewerId');
        await this.profiles.requireUsers(tx, { dismissedId }, viewerId);
        await this.suggestions.dismiss(tx, viewerId, dismissedId);
        await this.suggestions.trim(tx, viewerId, REMEMBERED);
        return { dismissedId };
      }),
    );
  }
}
