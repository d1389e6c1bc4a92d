import { GraphQLError, OperationTypeNode } from 'graphql';
import { InvalidOperation, type PreparedOperation } from '../documents/documents.service.js';

/** A mutation by GET, which is not executed. */
export class NotByGet extends InvalidOperation {
  constructor() {
    super([new GraphQLError('Send a mutation by POST.')]);
  }
}

/** Throws NotByGet for what changes something and was not sent by POST: a GET may be repeated by whoever is on the way. */
export function requirePost({ operation }: PreparedOperation, method: string): void {
  if (operation.operation === OperationTypeNode.MUTATION && method !== 'POST') throw new NotByGet();
}
