import type { InProcessNetwork } from '../network-in-process.js';
import { drawPhoto } from '../photos.js';
import type { TestUser } from '../test-users.js';
import type { Variables } from './cached-client.js';

/** Who is there, and what they have posted, before a client of the viewer begins. */
export interface Scene {
  network: InProcessNetwork;
  viewer: TestUser;
  other: TestUser;
  admin: TestUser;
  /** By the other. */
  post: string;
}

/** A mutation, and what somebody looks at meanwhile. */
export interface Change {
  /** The viewer of the scene where nobody is named. */
  as?: TestUser;
  variables: Variables;
  /** What happens after the client has looked and before it changes something. */
  meanwhile?: () => Promise<unknown>;
  /** What must be true afterwards without another question to the gateway. */
  shows: [query: string, variables: Variables];
  /** What must not be shown any more. */
  hides?: [query: string, variables: Variables];
  /** It changes nothing of what is still shown. */
  onlyHides?: true;
}

/** A change for each mutation, by its name. */
export type Changes = Record<string, (scene: Scene) => Promise<Change> | Change>;

export const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

let drawings = 1_000;
export const aPhoto = () => drawPhoto({ seed: ++drawings, width: 64, height: 48 });

/** Whoever tags the user asks them. */
export const preferToBeAsked = ({ client }: TestUser) =>
  client.request(
    'mutation { updateContentPreferences(input: { altText: NONE, sensitiveMedia: BLUR, approvesTags: true }) { id } }',
  );
