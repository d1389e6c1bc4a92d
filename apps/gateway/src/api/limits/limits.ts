import { NoSchemaIntrospectionCustomRule, type ValidationRule } from 'graphql';
import { aliasLimit } from './aliases.js';
import { costLimit } from './cost.js';
import { depthLimit } from './depth.js';

/** More than the largest screen of a client sends, less than what a parser chokes on. */
export const parseOptions = { maxTokens: 2_000 };

/** The rules that both engines validate with, beside those of the specification. */
export function limitRules(options: { introspection: boolean }): ValidationRule[] {
  return [depthLimit, aliasLimit, costLimit, ...(options.introspection ? [] : [NoSchemaIntrospectionCustomRule])];
}
