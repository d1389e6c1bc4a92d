import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { PostCard } from '../posts/post-card.js';
import { useApp } from '../state/use-app.js';

interface Props {
  ids: string[];
  isLoading: boolean;
  hasMore: boolean;
  onEnd: () => void;
}

const ESTIMATED_HEIGHT = 700;
const SPACE = 16;

/** The posts near the screen, and nothing of the others: a feed of any length takes the same memory. */
export function FeedList({ ids, isLoading, hasMore, onEnd }: Props) {
  const { feed } = useApp();
  const list = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const virtualizer = useWindowVirtualizer({
    count: ids.length,
    estimateSize: () => ESTIMATED_HEIGHT,
    getItemKey: (index) => ids[index]!,
    overscan: 2,
    gap: SPACE,
    scrollMargin: margin,
    initialOffset: feed.place.offset,
    initialMeasurementsCache: feed.place.measurements,
  });
  // What stands above the list moves it: posts on their way, a word about the network.
  useLayoutEffect(() => {
    const above = new ResizeObserver(() => setMargin(list.current?.offsetTop ?? 0));
    above.observe(document.body);
    return () => above.disconnect();
  }, []);
  useLayoutEffect(() => {
    window.scrollTo({ top: feed.place.offset });
    return () => {
      feed.place = { offset: window.scrollY, measurements: virtualizer.measurementsCache };
    };
  }, [feed, virtualizer]);
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasMore && !isLoading && ids.length > 0 && last >= ids.length - 3) onEnd();
  });
  return (
    <div
      ref={list}
      role="feed"
      aria-label="Posts"
      aria-busy={isLoading}
      style={{ height: virtualizer.getTotalSize() }}
      className="feed"
    >
      {items.map(({ index, key, start }) => (
        <PostCard
          key={key}
          id={ids[index]!}
          measure={virtualizer.measureElement}
          index={index}
          top={start - virtualizer.options.scrollMargin}
        />
      ))}
    </div>
  );
}
