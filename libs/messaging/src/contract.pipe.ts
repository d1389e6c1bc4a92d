import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { parseInput } from '@fowergram/contracts-core';

/** Validates what arrived against its contract; a field that `@Payload('field')` asks for is taken from the parsed whole. */
export class ContractPipe implements PipeTransform {
  constructor(
    private readonly schema: z.ZodType,
    private readonly field?: string,
  ) {}

  transform(value: unknown): unknown {
    const parsed = parseInput(this.schema, value);
    return this.field === undefined ? parsed : (parsed as Record<string, unknown>)[this.field];
  }
}
