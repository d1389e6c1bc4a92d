import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useStore } from 'zustand';
import { addressOf, sentenceOf } from '../notifications/sentence.js';
import { useApp } from '../state/use-app.js';

const SHOWN_FOR_MS = 6_000;

/** Shows a notification as it comes, and has screen readers say it. */
export function Announcements() {
  const newest = useStore(useApp().notifications.store, (state) => state.newest);
  const [path] = useLocation();
  const [gone, setGone] = useState<unknown>(null);
  useEffect(() => {
    const timer = setTimeout(() => setGone(newest), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [newest]);
  return (
    <div className="announcements" role="status">
      {newest && newest !== gone && ![addressOf(newest), '/notifications'].includes(path) && (
        <Link href={addressOf(newest)} className="announcement" onClick={() => setGone(newest)}>
          {sentenceOf(newest)}
        </Link>
      )}
    </div>
  );
}
