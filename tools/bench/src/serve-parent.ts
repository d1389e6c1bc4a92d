/** Answers the messages of the process that forked this one, one at a time, and leaves with it. */
export function serveParent<M, A>(answer: (message: M) => Promise<A>): void {
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group; the parent ends us in its order.
  process.on('SIGINT', () => undefined);
  process.on('message', (message: M) => {
    answer(message).then(
      (value) => process.send?.({ value }),
      (error: Error) => process.send?.({ error: error.stack ?? error.message }),
    );
  });
}
