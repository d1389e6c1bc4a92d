import {
  type FieldNode,
  getArgumentValues,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { type Bucket, DEAR_ROOT_FIELDS, ROOT_FIELD_POINTS } from './limits.config.js';
import { mutationPoints } from './mutation-points.rules.js';

/** What an operation takes from each bucket. */
export interface OperationPoints {
  /** For its root fields and for the objects that it may ask for. */
  reads: number;
  /** Empty for what changes nothing. */
  writes: ReadonlyMap<Bucket, number>;
}

interface CostedOperation {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  rootFields: readonly FieldNode[];
  /** The objects that it may ask for. */
  cost: number;
  coerced: Record<string, unknown>;
}

const NO_WRITES: ReadonlyMap<Bucket, number> = new Map();

/** Adds up the points of an operation before it is executed: two aliases of likePost are two likes. */
export function operationPoints({ schema, operation, rootFields, cost, coerced }: CostedOperation): OperationPoints {
  const reads = rootFields.reduce((sum, node) => sum + (DEAR_ROOT_FIELDS[node.name.value] ?? ROOT_FIELD_POINTS), cost);
  if (operation.operation !== OperationTypeNode.MUTATION) return { reads, writes: NO_WRITES };
  const writes = new Map<Bucket, number>();
  const fields = schema.getMutationType()!.getFields();
  for (const node of rootFields) {
    const field = fields[node.name.value];
    if (!field) continue;
    const args = getArgumentValues(field, node, coerced);
    // Safe for a mutation that was forgotten: the test that names it comes before its users do.
    for (const [bucket, pointsOf] of Object.entries(mutationPoints[field.name] ?? { writes: () => 1 }))
      writes.set(bucket as Bucket, (writes.get(bucket as Bucket) ?? 0) + pointsOf(args));
  }
  return { reads, writes };
}
