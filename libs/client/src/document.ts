/**
 * A GraphQL document that knows its types: a prepared operation, or a text of your own. What GraphQL Code Generator writes in its
 * mode `string` is one as well.
 */
export type Document<Data = unknown, Variables = Record<string, unknown>> = (string | { toString(): string }) & {
  __apiType?: (variables: Variables) => Data;
};

/** Gives a text of your own its types. */
export const document = <Data, Variables = Record<string, never>>(text: string): Document<Data, Variables> => text;

/** The variables of a call: those without any may be left out. */
export type VariablesOf<Variables> =
  Record<string, never> extends Variables ? [variables?: Variables | undefined] : [variables: Variables];

/** Says whether sending a text twice cannot change anything; what is no query for certain gets an Idempotency-Key. */
export const isQuery = (text: string): boolean => /^(?:[\s,\uFEFF]|#[^\n]*(?:\n|$))*(?:query\b|\{)/.test(text);
