import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ShownPost } from './posts.js';
import type { SignedIn } from './signed-in.js';

export const AppContext = createContext<SignedIn | null>(null);

/** What the signed-in user's pages share. */
export function useApp(): SignedIn {
  const app = useContext(AppContext);
  if (!app) throw new Error('This part of a page is for signed-in users.');
  return app;
}

/** A post as it is now. */
export const usePost = (id: string): ShownPost | undefined => useStore(useApp().posts.store, (posts) => posts[id]);
