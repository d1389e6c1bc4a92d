import { Inject, Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  type DocumentNode,
  type FieldNode,
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
import { rootFieldsOf } from './root-fields.rules.js';
import { checkShape } from './shape.rules.js';

/** More than the largest screen of a client sends, less than what a parser chokes on. */
export const PARSE_OPTIONS = { maxTokens: 2_000 };
/** A client that sends one wrong thing learns it; one that sends a thousand learns the first of them. */
const MAX_ERRORS = 5;
/** A longer text is prepared anew each time: no cache holds what anybody can make large. */
export const MAX_CACHED_TEXT = 16 * 1_024;
/** About 20 MB of syntax trees, or 500 usual documents. */
const MAX_CACHED_NODES = 50_000;
/** Compiling costs milliseconds and memory for good, so a document must have come this often, and be one of a usual size. */
const COMPILE_AFTER = 2;
const MAX_COMPILED_NODES = 500;
const MAX_REMEMBERED_SIZES = 500;
const NO_VARIABLES: Record<string, unknown> = Object.freeze({});

export type Variables = Record<string, unknown> | null | undefined;

/** An operation that is not executed, because its text, shape, cost or variables are wrong. */
export class InvalidOperation extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
  }
}

interface KnownOperation extends OperationCost {
  rootFields: FieldNode[];
  /** What it costs with the combinations of page sizes that were looked at already. */
  costs: Map<string, number>;
}

interface CheckedDocument {
  document: DocumentNode;
  nodes: number;
  /** Whether it stays small when an engine replaces each spread by its fragment. */
  isCompilable: boolean;
  uses: number;
  operations: Map<OperationDefinitionNode, KnownOperation>;
}

/** An operation that may be executed with these variables. */
export interface PreparedOperation {
  text: string;
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** Of its document, which is what the document takes of memory. */
  nodes: number;
  /** The fields that it answers at its root. */
  rootFields: readonly FieldNode[];
  /** The objects that it may ask for with these variables. */
  cost: number;
  /** As the engine will coerce them. */
  coerced: Record<string, unknown>;
  /** Whether it comes often enough, and is small enough, for an engine that compiles. */
  isFrequent: boolean;
}

/** Parses, checks and caches documents and coerces variables, the same for each request over HTTP and over sockets. */
@Injectable()
export class DocumentsService {
  private readonly rules;
  /** In production a wrong name is not answered with the right ones: they would tell the schema that introspection hides. */
  private readonly errorOptions;
  private readonly cache = new LRUCache<string, CheckedDocument>({
    maxSize: MAX_CACHED_NODES,
    sizeCalculation: ({ nodes }) => nodes,
  });

  constructor(
    private readonly schemaHost: GraphQLSchemaHost,
    @Inject(CONFIG) config: Config,
  ) {
    const isProduction = config.ENVIRONMENT === 'production';
    this.rules = isProduction ? [...specifiedRules, NoSchemaIntrospectionCustomRule] : specifiedRules;
    this.errorOptions = { maxErrors: MAX_ERRORS, hideSuggestions: isProduction };
  }

  /** What operations are prepared for. */
  get schema(): GraphQLSchema {
    return this.schemaHost.schema;
  }

  /** Makes an operation ready; throws InvalidOperation with at most five errors before anything is executed. */
  prepare(text: string, operationName: string | null | undefined, variables: Variables): PreparedOperation {
    try {
      const { schema } = this;
      const checked = this.check(schema, text);
      const operation = getOperationAST(checked.document, operationName);
      if (!operation) throw new GraphQLError('Name one operation of the document.');
      const known = checked.operations.get(operation)!;
      const coerced = coerceVariables(schema, operation, variables ?? {}, this.errorOptions);
      const cost = costOf(schema, checked.document, operation, known, coerced);
      const isFrequent = ++checked.uses > COMPILE_AFTER && text.length <= MAX_CACHED_TEXT && checked.isCompilable;
      const { document, nodes } = checked;
      return { text, schema, document, operation, nodes, rootFields: known.rootFields, cost, coerced, isFrequent };
    } catch (error) {
      throw asInvalidOperation(error);
    }
  }

  /** Throws InvalidOperation for a document that would not be executed, whatever its variables are. */
  requireValid(text: string): void {
    try {
      this.check(this.schemaHost.schema, text);
    } catch (error) {
      throw asInvalidOperation(error);
    }
  }

  private check(schema: GraphQLSchema, text: string): CheckedDocument {
    const cached = this.cache.get(text);
    if (cached) return cached;
    const checked = checkDocument(schema, text, this.rules, this.errorOptions);
    if (text.length <= MAX_CACHED_TEXT) this.cache.set(text, checked);
    return checked;
  }
}

/** The engine coerces them too, but not on the call that compiles the query: what is wrong never gets there. */
function coerceVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Record<string, unknown>,
  errorOptions: { maxErrors: number; hideSuggestions: boolean },
): Record<string, unknown> {
  if (variableDefinitions.length === 0) return NO_VARIABLES;
  const { errors, coerced } = getVariableValues(schema, variableDefinitions, variables, errorOptions);
  if (errors) throw new InvalidOperation(errors);
  return coerced;
}

function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  known: KnownOperation,
  coerced: Record<string, unknown>,
): number {
  if (known.pageSizeVariables.length === 0) return known.cost;
  // Coerced, so these are numbers, and few: a page size outside of its bounds counts as the nearest one.
  const sizes = known.pageSizeVariables.map((name) => pageSizeOf(coerced[name])).join();
  const remembered = known.costs.get(sizes);
  if (remembered !== undefined) return remembered;
  const exact = operationCost(schema, document, operation, coerced);
  requireAffordable(exact);
  if (known.costs.size < MAX_REMEMBERED_SIZES) known.costs.set(sizes, exact.cost);
  return exact.cost;
}

/** Parses and validates a text: what is cheap to refuse first, what compares fields with each other last. */
function checkDocument(
  schema: GraphQLSchema,
  text: string,
  rules: typeof specifiedRules,
  errorOptions: { maxErrors: number; hideSuggestions: boolean },
): CheckedDocument {
  const document = parse(text, PARSE_OPTIONS);
  const { nodes, expandedFields } = checkShape(document);
  const errors = validate(schema, document, rules, errorOptions);
  if (errors.length > 0) throw new InvalidOperation(errors.slice(0, MAX_ERRORS));
  const operations = new Map<OperationDefinitionNode, KnownOperation>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const cost = operationCost(schema, document, definition);
    requireAffordable(cost);
    operations.set(definition, { ...cost, rootFields: rootFieldsOf(document, definition), costs: new Map() });
  }
  return { document, nodes, isCompilable: Math.max(nodes, expandedFields) <= MAX_COMPILED_NODES, uses: 0, operations };
}

/** The parser and the coercion recurse: what is nested too deeply for the stack is the client's mistake. */
function asInvalidOperation(error: unknown): unknown {
  if (error instanceof GraphQLError) return new InvalidOperation([error]);
  if (error instanceof RangeError) return new InvalidOperation([new GraphQLError('The request is nested too deeply.')]);
  return error;
}
