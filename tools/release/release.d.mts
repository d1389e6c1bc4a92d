/** Makes a release of what stands in this folder, and answers with its version; nothing is written where something does not fit. */
export function release(folder: string, day: string): string;
