import { Injectable } from '@nestjs/common';
import { type Parsed, requireVersion } from '@fowergram/contracts-core';
import { type ContentPreferences, preferenceRpc, preferencesVersion } from '@fowergram/contracts-post';
import { Database } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { accountIsDeleted } from '../erasure/deleted-account.rules.js';
import { PreferencesRepository } from './preferences.repository.js';

@Injectable()
export class PreferencesService {
  constructor(
    private readonly db: Database,
    private readonly preferences: PreferencesRepository,
  ) {}

  get({ userId }: Parsed<typeof preferenceRpc.get>): Promise<ContentPreferences> {
    return this.preferences.of(userId);
  }

  update(input: Parsed<typeof preferenceRpc.update>, idempotencyKey: string | undefined): Promise<ContentPreferences> {
    const { userId, expectedVersion, expectedVersions, ...change } = input;
    return this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, preferenceRpc.update, input, async () => {
        // To set nothing locks the row, which is made where there is none: of two changes at once the later one sees the earlier.
        const isExpected = expectedVersion !== undefined || expectedVersions !== undefined;
        const before = isExpected && (await this.preferences.set(tx, userId, {}));
        if (before) requireVersion(preferencesVersion(before), { expectedVersion, expectedVersions });
        const stored = await this.preferences.set(tx, userId, change);
        if (!stored) throw accountIsDeleted();
        return stored;
      }),
    );
  }
}
