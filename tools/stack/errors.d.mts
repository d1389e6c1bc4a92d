export class StackError extends Error {
  constructor(message: string, whatToDo?: string);
}
export function printFailure(error: unknown): void;
