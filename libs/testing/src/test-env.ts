/** A variable that `npm test` sets for every test process; throws a sentence when a test is run without it. */
export function testVariable(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(
      `${name} is not set: run tests through "npm test -- <file>", which starts the stores that they need.`,
    );
  return value;
}
