/** Every generated file with the content that it should have. */
export function permissionFiles(folder?: string): Record<string, string>;
/** The files that are not as they should be. */
export function stalePermissions(folder?: string): [file: string, content: string][];
/** Writes what is stale and answers with the names of those files. */
export function generatePermissions(folder?: string): string[];
