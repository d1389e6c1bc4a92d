import { type Relation, userEvent } from '@fowergram/contracts-user';
import { eventRow, type OutboxRow } from '@fowergram/outbox';

/** The events of those registers that are not what they were before; the two lists are of the same pairs in one order. */
export function changedRelations(before: Relation[], after: Relation[]): OutboxRow[] {
  return after
    .filter((relation, index) => stateOf(relation) !== stateOf(before[index]!))
    .map((relation) => eventRow(userEvent.relationChanged, relation));
}

const stateOf = ({ version: _version, ...state }: Relation): string => JSON.stringify(state);
