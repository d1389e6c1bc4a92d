/** A failure that a user can repair: one sentence on what is wrong and the lines that say what to do about it. */
export class StackError extends Error {
  /**
   * @param {string} message
   * @param {string} [whatToDo]
   */
  constructor(message, whatToDo) {
    super(whatToDo ? `${message}\n${whatToDo}` : message);
    this.name = 'StackError';
  }
}

/** Prints a failure for users: no stack for what we foresaw, everything for what we did not. */
export function printFailure(error) {
  if (error instanceof StackError) console.error(`\n✗ ${error.message.replace(/\n/g, '\n  ')}`);
  else if (error?.code === 'EACCES' || error?.code === 'EPERM')
    console.error(
      `\n✗ ${error.path ?? 'A file'} cannot be used by this user.\n  An earlier run was probably made by another one. Run this as that user, or remove what it left (the folder .data).`,
    );
  else console.error(error);
}
