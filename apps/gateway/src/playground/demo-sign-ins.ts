/** Who may sign in where `npm start` has made the demo data; apps/e2e/src/seed/demo.ts signs them up. */
export const DEMO_USERS = ['ann', 'bosse', 'cyril', 'dana'];
export const DEMO_PASSWORD = 'fowergram-demo-1';

/** The address of a demo user. */
export const demoEmail = (username: string): string => `${username}@demo.fowergram.test`;
