import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import { Dice } from '../src/random.js';
import type { FuzzCase, Pool } from './fuzz-case.js';
import { hostileRequest } from './hostile-requests.js';
import { dearDocument, hostileShape } from './hostile-shapes.js';
import { nearlyValid } from './nearly-valid.js';
import { asOperation, ValidDocuments } from './valid-documents.js';

const TYPES = [
  ...Array.from({ length: 7 }, () => OperationTypeNode.QUERY),
  OperationTypeNode.MUTATION,
  OperationTypeNode.MUTATION,
  OperationTypeNode.SUBSCRIPTION,
];

/** The case with this number: the same seed and the same pool make it again, whatever came before it. */
export function makeCase(schema: GraphQLSchema, pool: Pool, seed: number, index: number): FuzzCase {
  const dice = new Dice(seed * 1_000_003 + index);
  const chances = { dice, pool };
  const isSignedIn = dice.chance(0.85);
  const share = dice.int(1, 100);
  if (share <= 8) return { isSignedIn, operation: { query: '' }, ...hostileRequest(chances) };
  if (share <= 30) return { isSignedIn, ...hostileShape(chances) };
  if (share <= 50) return { isSignedIn, ...dearDocument(chances) };
  const valid = new ValidDocuments(schema, { ...chances, isHonest: dice.chance(0.7) }).make(dice.pick(TYPES));
  if (share <= 80) return { kind: 'valid', isSignedIn, operation: asOperation(valid) };
  return { isSignedIn, ...nearlyValid(valid, dice) };
}
