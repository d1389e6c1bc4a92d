import { execute, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { RequestContext } from '../context/request-context.js';
import { sizeFailure } from './answer-size.rules.js';

/** Executes an operation; one whose answer is too large to send fails as a whole, with the reason ANSWER_TOO_LARGE. */
export async function executeBounded(args: ExecutionArgs): Promise<ExecutionResult> {
  const result = await execute(args);
  const failure = sizeFailure(result, (args.contextValue as RequestContext).reads);
  return failure ? { data: null, errors: [failure] } : result;
}
