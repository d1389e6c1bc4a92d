export function checkMailIdentity(expected: { port: number; serverName: string }): Promise<void>;
export function checkForeignMail(url: string): Promise<void>;
