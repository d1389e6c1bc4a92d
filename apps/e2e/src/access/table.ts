/** How a viewer stands to the author. Some of them were followers or close friends before, which must not help them. */
export const VIEWERS = [
  'anonymous',
  'stranger',
  'follower',
  'closeFriend',
  'requested',
  'removedFollower',
  'blocked',
  'blocker',
  'reporter',
  'muter',
  'moderator',
  'suspended',
  'deactivated',
  'deleted',
  'author',
] as const;
export type Viewer = (typeof VIEWERS)[number];

export const AUTHORS = ['public', 'private'] as const;
/** Whose account the author has. */
export type Author = (typeof AUTHORS)[number];

/**
 * Who may see what of an author: + for yes. It is the table of docs/privacy.md; the services decide the same in SQL, and a test asks
 * every cell through every path that leads to the object.
 *
 * A close friend in here does not follow. Whoever is suspended, deactivated or deleted has no session and may do nothing.
 */
const TABLE = `
object                            account | anonymous stranger follower closeFriend requested removedFollower blocked blocker reporter muter moderator suspended deactivated deleted author
card                              public  |     +        +        +          +          +            +           -       +       +       +       +         -          -         -      +
card                              private |     +        +        +          +          +            +           -       +       +       +       +         -          -         -      +
search hit                        public  |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
search hit                        private |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
suggestion                        public  |     -        +        -          +          +            +           -       -       -       -       +         -          -         -      -
suggestion                        private |     -        +        -          +          -            +           -       -       -       -       +         -          -         -      -
follower and following lists      public  |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
follower and following lists      private |     -        -        +          -          -            -           -       -       -       +       -         -          -         -      +
post for everybody                public  |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
post for everybody                private |     -        -        +          -          -            -           -       -       -       +       -         -          -         -      +
post for followers                public  |     -        -        +          -          -            -           -       -       -       +       -         -          -         -      +
post for followers                private |     -        -        +          -          -            -           -       -       -       +       -         -          -         -      +
post for close friends            public  |     -        -        -          +          -            -           -       -       -       -       -         -          -         -      +
post for close friends            private |     -        -        -          +          -            -           -       -       -       -       -         -          -         -      +
post of another as a co-author    public  |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
post of another as a co-author    private |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
the same in the author's profile  public  |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
the same in the author's profile  private |     -        -        +          -          -            -           -       -       -       +       -         -          -         -      +
post hidden by a moderator        public  |     -        -        -          -          -            -           -       -       -       -       +         -          -         -      +
post hidden by a moderator        private |     -        -        -          -          -            -           -       -       -       -       +         -          -         -      +
post that the viewer reported     public  |     +        -        -          -          -            -           -       -       -       -       +         -          -         -      +
post that the viewer reported     private |     -        -        -          -          -            -           -       -       -       -       +         -          -         -      +
address of a picture              public  |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
address of a picture              private |     -        -        +          -          -            -           -       -       -       +       -         -          -         -      +
address without its signature     public  |     -        -        -          -          -            -           -       -       -       -       -         -          -         -      -
address without its signature     private |     -        -        -          -          -            -           -       -       -       -       -         -          -         -      -
feed entry                        public  |     -        -        +          -          -            -           -       -       -       -       -         -          -         -      +
feed entry                        private |     -        -        +          -          -            -           -       -       -       -       -         -          -         -      +
found post                        public  |     +        +        +          +          +            +           -       -       -       -       +         -          -         -      +
found post                        private |     -        -        +          -          -            -           -       -       -       -       -         -          -         -      +
explored post                     public  |     +        +        +          +          +            +           -       -       -       -       +         -          -         -      -
explored post                     private |     -        -        +          -          -            -           -       -       -       -       -         -          -         -      -
comment under another's post      public  |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
comment under another's post      private |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
comment hidden by a moderator     public  |     -        -        -          -          -            -           -       -       -       -       +         -          -         -      +
comment hidden by a moderator     private |     -        -        -          -          -            -           -       -       -       -       +         -          -         -      +
comment that the viewer reported  public  |     +        -        -          -          -            -           -       -       -       -       +         -          -         -      +
comment that the viewer reported  private |     +        -        -          -          -            -           -       -       -       -       +         -          -         -      +
like of another's post            public  |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
like of another's post            private |     +        +        +          +          +            +           -       -       -       +       +         -          -         -      +
notification of a like            public  |     -        +        +          +          +            +           -       -       -       -       +         -          -         -      -
notification of a like            private |     -        +        +          +          +            +           -       -       -       -       +         -          -         -      -
file by its own id                public  |     -        -        -          -          -            -           -       -       -       -       -         -          -         -      +
file by its own id                private |     -        -        -          -          -            -           -       -       -       -       -         -          -         -      +
`;

export interface AccessRow {
  object: string;
  author: Author;
  sees: Record<Viewer, boolean>;
}

export const accessTable: AccessRow[] = TABLE.trim().split('\n').slice(1).map(parseRow);

function parseRow(line: string): AccessRow {
  const [head = '', cells = ''] = line.split('|');
  const [, object = '', author] = /^(.*\S)\s+(public|private)\s*$/.exec(head) ?? [];
  const marks = cells.trim().split(/\s+/);
  if (marks.length !== VIEWERS.length) throw new Error(`The row of ${object} has ${marks.length} cells.`);
  const sees = Object.fromEntries(VIEWERS.map((viewer, index) => [viewer, marks[index] === '+']));
  return { object, author: author as Author, sees: sees as Record<Viewer, boolean> };
}

const TITLES: Record<Viewer, string> = {
  anonymous: 'nobody signed in',
  stranger: 'stranger',
  follower: 'follower',
  closeFriend: 'close friend',
  requested: 'has requested',
  removedFollower: 'removed follower',
  blocked: 'blocked by the author',
  blocker: 'blocks the author',
  reporter: 'follower who reported the author',
  muter: 'follower who muted',
  moderator: 'moderator',
  suspended: 'suspended',
  deactivated: 'deactivated',
  deleted: 'deleted',
  author: 'the author',
};

/** The table as docs/privacy.md shows it. */
export function accessTableAsMarkdown(): string {
  const head = ['', 'account', ...VIEWERS.map((viewer) => TITLES[viewer])];
  const rows = accessTable.map(({ object, author, sees }) => [
    object,
    author,
    ...VIEWERS.map((viewer) => (sees[viewer] ? 'yes' : '–')),
  ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}
