import { Injectable } from '@nestjs/common';
import { badInput, type Rpc } from '@fowergram/contracts-core';
import type { Changed, Relation } from '@fowergram/contracts-user';
import { Database, type Tx } from '@fowergram/database';
import { withIdempotency } from '@fowergram/idempotency';
import { Outbox, type OutboxRow } from '@fowergram/outbox';
import { VisibleProfilesService } from '../profiles/visible-profiles.service.js';
import { changedRelations } from '../relations/relations.rules.js';
import { RelationsRepository } from '../relations/relations.repository.js';

type Command = Rpc & { readonly output: typeof Changed };

/** A command of one user, the viewer, about another one; the fields are the names of the two in its input. */
export interface RelationshipChange {
  contract: Command;
  input: object;
  viewerId: string;
  userId: string;
  fields?: { viewer: string; user: string };
  /** Whose view the command may change, the viewer's where it says nothing: the answer has the registers of these. */
  seenBy?: 'user' | 'both';
  idempotencyKey: string | undefined;
}

/** What a command may have to know: the pair is locked, and this is how it stands. */
export interface PairState {
  /** One of the two blocks the other. */
  blocked: boolean;
}

/** Which of the two orders a command answers: the viewer comes first, as in the pair that is read. */
const ANSWERED = { viewer: [0, 1], user: [1, 2], both: [0, 2] } as const;

const FIELDS = { viewer: 'viewerId', user: 'userId' };

/**
 * The way of every command that changes how two users stand to each other: one at a time for a pair, and what it changes for the
 * visibility between them is found by comparison, so that no command leaves it unpublished.
 */
@Injectable()
export class RelationshipChangesService {
  constructor(
    private readonly db: Database,
    private readonly relations: RelationsRepository,
    private readonly profiles: VisibleProfilesService,
    private readonly outbox: Outbox,
  ) {}

  /** `effect` answers the events of what it does. */
  async run(change: RelationshipChange, effect: (tx: Tx, state: PairState) => Promise<OutboxRow[]>): Promise<Changed> {
    const { contract, input, viewerId, userId, fields = FIELDS, seenBy = 'viewer', idempotencyKey } = change;
    if (viewerId === userId) throw badInput([fields.user], 'Nobody can do this to themselves.', 'ONESELF');
    const changed = await this.db.transaction((tx) =>
      withIdempotency(tx, idempotencyKey, contract, input, async () => {
        const registers = await this.between(tx, viewerId, userId, async (state) => {
          await this.profiles.requireActor(tx, viewerId, fields.viewer);
          return effect(tx, state);
        });
        const relations = registers.slice(...ANSWERED[seenBy]);
        const relationship = await this.relations.relationship(tx, viewerId, userId);
        return { ...relationship, changes: { relations, accounts: [] } };
      }),
    );
    this.outbox.trigger();
    return changed;
  }

  /** Both orders of the pair as they are after the effect, until whose transaction ends nothing else happens between the two. */
  async between(
    tx: Tx,
    viewerId: string,
    userId: string,
    effect: (state: PairState) => Promise<OutboxRow[]>,
  ): Promise<[viewers: Relation, users: Relation]> {
    const pairs = [
      { viewerId, authorId: userId },
      { viewerId: userId, authorId: viewerId },
    ];
    await this.relations.lockPairs(tx, pairs.slice(0, 1));
    const before = await this.relations.read(tx, pairs);
    const events = await effect({ blocked: before[0]!.blocked });
    const after = await this.relations.read(tx, pairs);
    await this.outbox.addAll(tx, [...events, ...changedRelations(before, after)]);
    return [after[0]!, after[1]!];
  }
}
