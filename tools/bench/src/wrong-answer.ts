/** Thrown when an answer is wrong: the one thing that fails a bench. */
export class WrongAnswer extends Error {}
