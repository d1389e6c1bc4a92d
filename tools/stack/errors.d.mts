export class StackError extends Error {
  constructor(message: string, whatToDo?: string);
}
export function printFault(error: unknown): void;
