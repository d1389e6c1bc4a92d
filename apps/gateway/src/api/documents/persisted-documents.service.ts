import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { AppError } from '@fowergram/contracts-core';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../../config.js';
import type { Requester } from '../../limits/counted-limits.js';
import type { GraphqlRequest } from '../requests/graphql-request.js';
import { DocumentsService, InvalidOperation, MAX_CACHED_TEXT, type PreparedOperation } from './documents.service.js';
import { RegisteredTexts } from './registered-texts.js';
import { readTrustedDocuments, sha256, type TrustedDocuments } from './trusted-documents.js';

/** A hash that this process has no text for; clients look for the message, and send the text with the hash. */
export class UnknownDocument extends InvalidOperation {
  constructor() {
    super([failure(new AppError('BAD_USER_INPUT', 'PersistedQueryNotFound', { reason: 'PERSISTED_QUERY_NOT_FOUND' }))]);
  }
}

/** Finds the texts of operations that are sent as a hash, over HTTP and over sockets: registered ones, and those of the manifest. */
@Injectable()
export class PersistedDocumentsService implements OnApplicationBootstrap {
  private readonly registered = new RegisteredTexts();
  private readonly trusted: TrustedDocuments | undefined;
  private readonly isTrustedOnly: boolean;

  constructor(
    private readonly documents: DocumentsService,
    @Inject(CONFIG) config: Config,
  ) {
    const { GRAPHQL_TRUSTED_DOCUMENTS: path, GRAPHQL_TRUSTED_ONLY: only } = config;
    this.isTrustedOnly = only === 'on';
    if (this.isTrustedOnly && !path) throw new Error('GRAPHQL_TRUSTED_ONLY needs GRAPHQL_TRUSTED_DOCUMENTS.');
    this.trusted = path ? readTrustedDocuments(path) : undefined;
  }

  /** A document that the schema does not know any more is found before the first client sends it. */
  onApplicationBootstrap(): void {
    const wrong = (this.trusted?.ids ?? []).flatMap((id) => this.problemOf(id));
    if (wrong.length > 0) throw new Error(`Trusted documents do not fit the schema:\n${wrong.join('\n')}`);
  }

  /** Makes the operation of a request ready; throws InvalidOperation, or FORBIDDEN where only trusted documents are executed. */
  prepare(request: GraphqlRequest, { userId, address }: Requester): PreparedOperation {
    const { query, documentId, operationName, variables } = request;
    const text = this.textOf(query, documentId);
    const prepared = this.documents.prepare(text, operationName, variables);
    // Only what is valid is kept, and nothing that was found by its hash.
    if (query !== null && documentId !== null && !this.isTrustedOnly && text.length <= MAX_CACHED_TEXT)
      this.registered.add(documentId, text, userId ?? address);
    return prepared;
  }

  private textOf(query: string | null, documentId: string | null): string {
    if (query === null) {
      const text =
        documentId === null ? undefined : (this.trusted?.textOf(documentId) ?? this.registered.textOf(documentId));
      if (text === undefined) throw new UnknownDocument();
      return text;
    }
    if (documentId !== null && this.trusted?.textOf(documentId) !== query && sha256(query) !== documentId)
      throw new InvalidOperation([
        failure(
          new AppError('BAD_USER_INPUT', 'The hash is not the SHA-256 of the query.', {
            reason: 'PERSISTED_QUERY_HASH',
          }),
        ),
      ]);
    if (this.isTrustedOnly && !this.trusted!.has(query))
      throw new AppError('FORBIDDEN', 'This server executes the documents alone that its clients were built with.', {
        reason: 'DOCUMENT_NOT_TRUSTED',
      });
    return query;
  }

  private problemOf(id: string): string[] {
    try {
      this.documents.requireValid(this.trusted!.textOf(id)!);
      return [];
    } catch (error) {
      return [`${id}: ${(error as Error).message}`];
    }
  }
}

const failure = (error: AppError): GraphQLError => new GraphQLError(error.message, { originalError: error });
