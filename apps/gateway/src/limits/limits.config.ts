const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What points are taken for, as a client reads it after "Too many". */
export const bucketNames = {
  reads: 'requests',
  writes: 'changes',
  likes: 'likes',
  comments: 'comments',
  follows: 'follows',
  posts: 'posts',
  uploads: 'uploads',
  uploadBytes: 'bytes to upload',
  names: 'changes of the name',
  reports: 'reports',
  connections: 'connections',
  badTokens: 'requests with a token that is over or false',
  tokenChecks: 'tokens to check',
} as const;
export type Bucket = keyof typeof bucketNames;

/** So many points at once; what was used comes back evenly over the seconds. */
export interface Limit {
  /** Whose requests are counted together: those of a user, of all signed-in users of an address, of all visitors of an address. */
  per: 'user' | 'address' | 'visitor';
  points: number;
  seconds: number;
  /** Why this number; docs/limits.md shows it. */
  because: string;
}

/** What each root field of an operation costs, before the objects that it brings. */
export const ROOT_FIELD_POINTS = 10;

/** What root fields take that are dearer than a look-up by key: a search compares names. */
export const DEAR_ROOT_FIELDS: Record<string, number> = {
  searchUsers: 100,
  suggestedUsers: 100,
  searchPosts: 100,
};
/** A text that is refused: to read and check it is dearer than most look-ups. */
export const REFUSED_DOCUMENT_POINTS = 50;

/** Every number of the request limits. Those of /auth are in auth/limits/limits.rules.ts. */
export const limits: Record<Bucket, readonly Limit[]> = {
  reads: [
    {
      per: 'user',
      points: 60_000,
      seconds: MINUTE,
      because:
        'A feed page of 20 posts with authors and pictures is 710 points: more than one page a second, for hours.',
    },
    {
      per: 'address',
      points: 6_000_000,
      seconds: MINUTE,
      because: 'A hundred users at their limit, or the thousands of usual ones behind one address of a mobile carrier.',
    },
    {
      per: 'visitor',
      points: 6_000,
      seconds: MINUTE,
      because: 'Nine look-ups a second: enough to open shared links, too slow to copy the list of users.',
    },
  ],
  writes: [
    {
      per: 'user',
      points: 300,
      seconds: 5 * MINUTE,
      because: 'One change a second: nobody taps faster for minutes.',
    },
    {
      per: 'address',
      points: 6_000,
      seconds: 5 * MINUTE,
      because: 'Twenty users at their limit; an address signs up 30 accounts an hour at most.',
    },
  ],
  likes: [
    { per: 'user', points: 200, seconds: HOUR, because: 'A like every 18 seconds for an hour.' },
    {
      per: 'user',
      points: 1_000,
      seconds: DAY,
      because: 'Whoever likes more does not look; each like is a notification.',
    },
  ],
  comments: [
    { per: 'user', points: 100, seconds: HOUR, because: 'A lively conversation: a comment every 36 seconds.' },
    { per: 'user', points: 500, seconds: DAY, because: 'A comment is the cheapest way to reach a stranger.' },
  ],
  follows: [
    { per: 'user', points: 100, seconds: HOUR, because: 'A new user who follows all suggestions of the first hour.' },
    {
      per: 'user',
      points: 300,
      seconds: DAY,
      because: 'Following and unfollowing to be noticed is the oldest spam there is.',
    },
  ],
  posts: [
    {
      per: 'user',
      points: 30,
      seconds: HOUR,
      because: 'One every two minutes; each goes into the feeds of all followers.',
    },
    { per: 'user', points: 100, seconds: DAY, because: 'More than a news agency publishes a day.' },
  ],
  uploads: [
    {
      per: 'user',
      points: 120,
      seconds: HOUR,
      because: 'Twelve posts of ten pictures; each picture is decoded and resized.',
    },
    { per: 'user', points: 500, seconds: DAY, because: 'Fifty posts of ten pictures.' },
    { per: 'address', points: 2_400, seconds: HOUR, because: 'Twenty users at their limit.' },
  ],
  uploadBytes: [
    {
      per: 'user',
      points: 1024 ** 3,
      seconds: HOUR,
      because: '1 GiB: 34 pictures of the largest size, or 250 of a phone.',
    },
    { per: 'user', points: 4 * 1024 ** 3, seconds: DAY, because: '4 GiB: four such hours.' },
    { per: 'address', points: 20 * 1024 ** 3, seconds: HOUR, because: '20 GiB: twenty users at their limit.' },
  ],
  names: [
    {
      per: 'user',
      points: 10,
      seconds: HOUR,
      because: 'Trying how a name looks; a username that was left stays reserved for 30 days.',
    },
    { per: 'user', points: 20, seconds: DAY, because: 'Impostors change names all day, others do not.' },
  ],
  reports: [
    { per: 'user', points: 30, seconds: HOUR, because: 'One every two minutes; each is read by a moderator.' },
    { per: 'user', points: 100, seconds: DAY, because: 'Whoever reports more wants to silence somebody.' },
  ],
  connections: [
    { per: 'user', points: 60, seconds: MINUTE, because: 'A phone on a bad line that reconnects every second.' },
    {
      per: 'visitor',
      points: 3_000,
      seconds: MINUTE,
      because:
        'After a deployment all users behind one address of a mobile carrier come back at once; before connection_init everybody is a visitor.',
    },
  ],
  badTokens: [
    {
      per: 'visitor',
      points: 3_000,
      seconds: MINUTE,
      because:
        'A token is over once an hour, and the screen that finds it out asks five times: 36,000 users behind one address of a mobile carrier. A good token is never refused for it.',
    },
  ],
  tokenChecks: [
    {
      per: 'user',
      points: 3_000_000,
      seconds: MINUTE,
      because: 'By gRPC: 50,000 a second for one service account, which keeps five gateways busy.',
    },
  ],
};
