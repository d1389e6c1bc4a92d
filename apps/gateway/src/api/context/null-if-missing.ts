import { AppError } from '@fowergram/contracts-core';

/** What a query asks for and its owner does not find is null, and no error. */
export async function nullIfMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
