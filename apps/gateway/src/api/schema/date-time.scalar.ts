import { Scalar, type CustomScalar } from '@nestjs/graphql';
import { GraphQLError, Kind, type ValueNode } from 'graphql';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;

/** True for the text of an instant, with any offset. */
export const isDateTime = (text: string): boolean => RFC_3339.test(text) && !Number.isNaN(Date.parse(text));

/** Instants travel as the text that the contracts carry; only what a client sends is looked at. */
@Scalar('DateTime')
export class DateTime implements CustomScalar<string, string> {
  description =
    'An instant in UTC as RFC 3339 text with milliseconds, such as 2026-11-21T09:30:00.000Z. Another offset is accepted in arguments.';
  specifiedByURL = 'https://scalars.graphql.org/andimarek/date-time.html';

  serialize(value: unknown): string {
    return value as string;
  }

  parseValue(value: unknown): string {
    if (typeof value === 'string' && isDateTime(value)) return new Date(value).toISOString();
    throw new GraphQLError('A DateTime is RFC 3339 text, such as 2026-11-21T09:30:00.000Z.');
  }

  parseLiteral(node: ValueNode): string {
    return this.parseValue(node.kind === Kind.STRING ? node.value : undefined);
  }
}
