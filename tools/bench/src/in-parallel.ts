/** Runs all tasks, `atOnce` of them at a time, and returns their results in order. */
export async function inParallel<T>(atOnce: number, tasks: (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < tasks.length; index = next++) results[index] = await tasks[index]!();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
