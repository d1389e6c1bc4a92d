const POLL_MS = 10;

/** Repeats `check` until it neither throws nor answers false, then returns its answer; rethrows its last failure after `withinMs`. */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 30_000): Promise<T> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    try {
      const result = await check();
      if (result !== false) return result;
      throw new Error(`The condition did not hold within ${withinMs} ms: ${check.toString()}`);
    } catch (error) {
      if (Date.now() >= giveUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
