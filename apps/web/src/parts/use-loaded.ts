import { useCallback, useEffect, useState } from 'react';

export interface Loaded<T> {
  data: T | undefined;
  error: unknown;
  reload: () => void;
  set: (change: (data: T) => T) => void;
}

/** What a page reads when it opens. Give a `load` that stays the same as long as what it reads. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [data, setData] = useState<T>();
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const ending = new AbortController();
    load(ending.signal).then(
      (loaded) => {
        if (ending.signal.aborted) return;
        setData(loaded);
        setError(null);
      },
      (thrown: unknown) => !ending.signal.aborted && setError(thrown),
    );
    return () => ending.abort();
  }, [load, round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const set = useCallback((change: (data: T) => T) => setData((before) => before && change(before)), []);
  return { data, error, reload, set };
}
