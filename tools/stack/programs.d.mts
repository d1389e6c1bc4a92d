/** The programs of the stack, and the folders beside the PATH in which each may be. */
export const known: Record<string, { folders: () => string[] }>;
export interface Found {
  path?: string;
  version?: string;
  tooOld: { path: string; version: string }[];
}
export interface System {
  apt: boolean;
  brew: boolean;
  root: boolean;
}
export function findProgram(name: string, options?: { env?: NodeJS.ProcessEnv; folders?: string[] }): Found;
export function onPath(program: string, env?: NodeJS.ProcessEnv): string | undefined;
export function isAtLeast(version: string, least: number[]): boolean;
export function thisSystem(env?: NodeJS.ProcessEnv): System;
export function requirePrograms(
  names: string[],
  options: {
    log: (line: string) => void;
    env?: NodeJS.ProcessEnv;
    system?: System;
    folders?: string[];
    install?: (packages: string[]) => void;
  },
): Record<string, Found>;
export function installWithApt(
  packages: string[],
  options: {
    log: (line: string) => void;
    env?: NodeJS.ProcessEnv;
    policyFile?: string;
    disable?: (packages: string[]) => void;
    run?: (args: string[], env: NodeJS.ProcessEnv) => { ok: boolean; lastLines: string };
  },
): void;
