/** An operation to try, in a tab of its own. */
export interface Example {
  query: string;
  variables?: Record<string, unknown>;
}

/** Stand for a post and its author that the page looks up; who sees them as they are has no demo data. */
export const A_POST = 'post_… (an id of the feed)';
export const A_USER = 'user_… (an id of the feed)';

/** What the page fills in when a picture is READY. */
export const CREATE_POST = `# The picture that you have uploaded is
# in the variables: press the button.
mutation CreatePost($input: CreatePostInput!) {
  createPost(input: $input) {
    id
    caption
    hashtags
    media { url(width: 640) }
  }
}
`;

/** The tabs of a first visit, in their order. Each is an operation that the schema takes as it is. */
export const EXAMPLES: Example[] = [
  {
    query: `# Sign in above, then press the button.
# The other tabs have more to try.
query Me {
  me {
    id
    username
    displayName
    followerCount
    followingCount
    postCount
  }
  unreadNotificationCount
}
`,
  },
  {
    query: `query HomeFeed($first: Int) {
  homeFeed(first: $first) {
    edges {
      cursor
      node {
        id
        caption
        likeCount
        viewerHasLiked
        author { id username }
        media { url(width: 640) blurhash }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
    variables: { first: 10 },
  },
  {
    query: `mutation Like($postId: ID!) {
  likePost(postId: $postId) {
    id
    likeCount
    viewerHasLiked
    author { username }
  }
}
`,
    variables: { postId: A_POST },
  },
  {
    query: `mutation Comment($input: CreateCommentInput!) {
  createComment(input: $input) {
    id
    text
    post { id commentCount }
  }
}
`,
    variables: { input: { postId: A_POST, text: 'What a view!' } },
  },
  {
    query: `mutation Follow($userId: ID!) {
  followUser(userId: $userId) {
    following
    followedBy
  }
}
`,
    variables: { userId: A_USER },
  },
  {
    query: `mutation UpdateProfile($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    id
    bio
  }
}
`,
    variables: { input: { bio: 'Trying the playground.' } },
  },
  {
    query: `# Choose a file above: the page asks for an
# address as here, sends the bytes there,
# and fills in createPost.
mutation Upload($input: CreateMediaUploadInput!) {
  createMediaUpload(input: $input) {
    media { id status }
    url
    fields { name value }
    expiresAt
  }
}
`,
    variables: { input: { contentType: 'image/jpeg', byteSize: 123456, altText: 'A landscape' } },
  },
  {
    query: `# Leave this running, and like one of your
# posts as somebody else in another browser.
subscription Notifications {
  notificationReceived {
    cursor
    node {
      kind
      actors(first: 3) { username }
      post { id caption }
    }
  }
}
`,
  },
];
