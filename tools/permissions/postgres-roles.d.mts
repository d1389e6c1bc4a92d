export const databaseServices: string[];
export function ownerOf(name: string): string;
export function roleOf(name: string): string;
export function grantStatements(name: string): string[];
