import { Inject, Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  type DocumentNode,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../../config.js';
import { operationCost, type OperationCost, pageSizeOf, requireAffordable } from './cost.rules.js';
import { checkShape } from './shape.rules.js';

/** More than the largest screen of a client sends, less than what a parser chokes on. */
export const PARSE_OPTIONS = { maxTokens: 2_000 };
/** A client that sends one wrong thing learns it; one that sends a thousand learns the first of them. */
const MAX_ERRORS = 5;
/** A longer text is prepared anew each time: no cache holds what anybody can make large. */
const MAX_CACHED_TEXT = 16 * 1_024;
/** About 20 MB of syntax trees, or 500 usual documents. */
const MAX_CACHED_NODES = 50_000;
/** Compiling costs milliseconds and memory for good, so a document must have come this often, and be one of a usual size. */
const COMPILE_AFTER = 2;
const MAX_COMPILED_NODES = 500;
const MAX_REMEMBERED_SIZES = 500;

export type Variables = Record<string, unknown> | null | undefined;

/** An operation that is not executed, because its text, shape, cost or variables are wrong. */
export class InvalidOperation extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
  }
}

interface KnownCost extends OperationCost {
  /** The combinations of page sizes that were looked at already. */
  affordable: Set<string>;
}

interface CheckedDocument {
  document: DocumentNode;
  nodes: number;
  /** Whether it stays small when an engine replaces each spread by its fragment. */
  isCompilable: boolean;
  uses: number;
  costs: Map<OperationDefinitionNode, KnownCost>;
}

/** An operation that may be executed with these variables. */
export interface PreparedOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** Whether it comes often enough, and is small enough, for an engine that compiles. */
  isFrequent: boolean;
}

/** Parses, checks and caches documents and coerces variables, the same for each request over HTTP and over sockets. */
@Injectable()
export class DocumentsService {
  private readonly rules;
  private readonly cache = new LRUCache<string, CheckedDocument>({
    maxSize: MAX_CACHED_NODES,
    sizeCalculation: ({ nodes }) => nodes,
  });

  constructor(
    private readonly schemaHost: GraphQLSchemaHost,
    @Inject(CONFIG) config: Config,
  ) {
    this.rules =
      config.ENVIRONMENT === 'production' ? [...specifiedRules, NoSchemaIntrospectionCustomRule] : specifiedRules;
  }

  /** Makes an operation ready; throws InvalidOperation with at most five errors before anything is executed. */
  prepare(text: string, operationName: string | null | undefined, variables: Variables): PreparedOperation {
    try {
      const { schema } = this.schemaHost;
      const checked = this.check(schema, text);
      const operation = getOperationAST(checked.document, operationName);
      if (!operation) throw new GraphQLError('Name one operation of the document.');
      this.checkVariables(schema, checked, operation, variables ?? {});
      const isFrequent = ++checked.uses > COMPILE_AFTER && text.length <= MAX_CACHED_TEXT && checked.isCompilable;
      return { schema, document: checked.document, operation, isFrequent };
    } catch (error) {
      throw asInvalidOperation(error);
    }
  }

  private check(schema: GraphQLSchema, text: string): CheckedDocument {
    const cached = this.cache.get(text);
    if (cached) return cached;
    const checked = checkDocument(schema, text, this.rules);
    if (text.length <= MAX_CACHED_TEXT) this.cache.set(text, checked);
    return checked;
  }

  /** The engine coerces them too, but not on the call that compiles the query: what is wrong never gets there. */
  private checkVariables(
    schema: GraphQLSchema,
    { document, costs }: CheckedDocument,
    operation: OperationDefinitionNode,
    variables: Record<string, unknown>,
  ): void {
    const definitions = operation.variableDefinitions ?? [];
    if (definitions.length === 0) return;
    const { errors, coerced } = getVariableValues(schema, definitions, variables, { maxErrors: MAX_ERRORS });
    if (errors) throw new InvalidOperation(errors);
    const known = costs.get(operation);
    if (!known || known.pageSizeVariables.length === 0) return;
    // Coerced, so these are numbers, and few: a page size outside of its bounds counts as the nearest one.
    const sizes = known.pageSizeVariables.map((name) => pageSizeOf(coerced[name])).join();
    if (known.affordable.has(sizes)) return;
    requireAffordable(operationCost(schema, document, operation, coerced));
    if (known.affordable.size < MAX_REMEMBERED_SIZES) known.affordable.add(sizes);
  }
}

/** Parses and validates a text: what is cheap to refuse first, what compares fields with each other last. */
function checkDocument(schema: GraphQLSchema, text: string, rules: typeof specifiedRules): CheckedDocument {
  const document = parse(text, PARSE_OPTIONS);
  const { nodes, expandedFields } = checkShape(document);
  const errors = validate(schema, document, rules, { maxErrors: MAX_ERRORS });
  if (errors.length > 0) throw new InvalidOperation(errors.slice(0, MAX_ERRORS));
  const costs = new Map<OperationDefinitionNode, KnownCost>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const cost = operationCost(schema, document, definition);
    requireAffordable(cost);
    costs.set(definition, { ...cost, affordable: new Set() });
  }
  return { document, nodes, isCompilable: Math.max(nodes, expandedFields) <= MAX_COMPILED_NODES, uses: 0, costs };
}

/** The parser and the coercion recurse: what is nested too deeply for the stack is the client's mistake. */
function asInvalidOperation(error: unknown): unknown {
  if (error instanceof GraphQLError) return new InvalidOperation([error]);
  if (error instanceof RangeError) return new InvalidOperation([new GraphQLError('The request is nested too deeply.')]);
  return error;
}
