import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

const MAX_ALIASES = 30;
const MAX_DIRECTIVES = 50;

/** Refuses to do one thing many times under many names. */
export function aliasLimit(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  let directives = 0;
  return {
    Field(node) {
      if (node.alias && ++aliases === MAX_ALIASES + 1)
        context.reportError(new GraphQLError(`A document has at most ${MAX_ALIASES} aliases.`, { nodes: node }));
    },
    Directive(node) {
      if (++directives === MAX_DIRECTIVES + 1)
        context.reportError(new GraphQLError(`A document has at most ${MAX_DIRECTIVES} directives.`, { nodes: node }));
    },
  };
}
