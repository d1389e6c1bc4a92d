import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { schemaText } from '../../src/print-schema.js';

/** What first clients are written against: names and types may be joined by others, and none may change. */
const FIXED = {
  Query: [
    'node(id: ID!): Node',
    'me: User',
    'user(username: String!): User',
    'post(id: ID!): Post',
    'homeFeed(first: Int, after: String): PostConnection',
    'notifications(first: Int, after: String, last: Int, before: String): NotificationConnection',
    'unreadNotificationCount: Int',
  ],
  Mutation: [
    'updateProfile(input: UpdateProfileInput!): User!',
    'followUser(userId: ID!): Relationship!',
    'unfollowUser(userId: ID!): Relationship!',
    'createMediaUpload(input: CreateMediaUploadInput!): MediaUpload!',
    'completeMediaUpload(mediaId: ID!): Media!',
    'createPost(input: CreatePostInput!): Post!',
    'deletePost(id: ID!): DeletePostPayload!',
    'likePost(postId: ID!): Post!',
    'unlikePost(postId: ID!): Post!',
    'createComment(input: CreateCommentInput!): Comment!',
    'deleteComment(id: ID!): DeleteCommentPayload!',
    'markNotificationsRead(upTo: ID!): NotificationSummary!',
  ],
  Subscription: ['notificationReceived(after: String): NotificationEdge!', 'mediaUpdated(mediaId: ID!): Media!'],
  User: [
    'id: ID!',
    'username: String!',
    'displayName: String!',
    'bio: String!',
    'avatar: Media',
    'followerCount: Int!',
    'followingCount: Int!',
    'postCount: Int!',
    'createdAt: DateTime!',
    'relationship: Relationship',
    'posts(first: Int, after: String, last: Int, before: String): PostConnection!',
    'followers(first: Int, after: String, last: Int, before: String): UserConnection!',
    'following(first: Int, after: String, last: Int, before: String): UserConnection!',
  ],
  Relationship: ['id: ID!', 'user: User!', 'following: Boolean!', 'followedBy: Boolean!'],
  DeletePostPayload: ['id: ID!', 'author: User!'],
  DeleteCommentPayload: ['id: ID!', 'post: Post!'],
  Media: [
    'id: ID!',
    'kind: MediaKind!',
    'status: MediaStatus!',
    'rejectionReason: String',
    'url(width: Int): String',
    'width: Int',
    'height: Int',
    'blurhash: String',
    'altText: String',
    'variants: [MediaVariant!]!',
  ],
  MediaVariant: [
    'name: String!',
    'url: String!',
    'width: Int!',
    'height: Int!',
    'contentType: String!',
    'byteSize: Int!',
  ],
  MediaUpload: ['media: Media!', 'url: String!', 'fields: [UploadField!]!', 'expiresAt: DateTime!'],
  UploadField: ['name: String!', 'value: String!'],
  Post: [
    'id: ID!',
    'author: User!',
    'caption: String!',
    'media: [Media!]!',
    'hashtags: [String!]!',
    'location: String',
    'likeCount: Int!',
    'commentCount: Int!',
    'viewerHasLiked: Boolean!',
    'createdAt: DateTime!',
    'comments(last: Int, before: String, first: Int, after: String, order: CommentOrder): CommentConnection!',
    'likedBy(first: Int, after: String, last: Int, before: String): UserConnection!',
  ],
  Comment: ['id: ID!', 'post: Post!', 'author: User!', 'text: String!', 'createdAt: DateTime!'],
  Notification: [
    'id: ID!',
    'kind: NotificationKind!',
    'actors(first: Int): [User!]!',
    'actorCount: Int!',
    'post: Post',
    'comment: Comment',
    'isRead: Boolean!',
    'createdAt: DateTime!',
    'updatedAt: DateTime!',
  ],
  PageInfo: ['hasNextPage: Boolean!', 'hasPreviousPage: Boolean!', 'startCursor: String', 'endCursor: String'],
  PostEdge: ['cursor: String!', 'node: Post!'],
  PostConnection: ['edges: [PostEdge!]!', 'pageInfo: PageInfo!'],
  UserConnection: ['edges: [UserEdge!]!', 'pageInfo: PageInfo!'],
  CommentConnection: ['edges: [CommentEdge!]!', 'pageInfo: PageInfo!'],
  NotificationConnection: ['edges: [NotificationEdge!]!', 'pageInfo: PageInfo!'],
  CreateMediaUploadInput: ['contentType: String!', 'byteSize: Int!', 'altText: String'],
  CreatePostInput: ['caption: String!', 'mediaIds: [ID!]!', 'location: String', 'commentsDisabled: Boolean'],
  CreateCommentInput: ['postId: ID!', 'text: String!'],
  UpdateProfileInput: ['username: String', 'displayName: String', 'bio: String', 'avatarMediaId: ID'],
};

describe('the committed schema', () => {
  const committed = readFileSync('apps/gateway/schema.graphql', 'utf8');
  const schema = buildSchema(committed);

  it('is what the code serves', async () => {
    expect(committed).toBe(await schemaText());
  });

  it.each(Object.entries(FIXED))('keeps %s as clients know it', (type, fields) => {
    expect(fieldsOf(schema, type)).toEqual(expect.arrayContaining(fields));
  });

  it('answers null for the part of a query that fails, and keeps all others', () => {
    const fields = Object.values(schema.getQueryType()!.getFields());
    expect(fields.filter(({ type }) => isNonNullType(type)).map(({ name }) => name)).toEqual([]);
  });

  it('lets node find what clients fetch anew by its id', () => {
    const names = schema.getPossibleTypes(schema.getType('Node') as never).map((type) => type.name);
    expect(names.sort()).toEqual(['Collection', 'Comment', 'Media', 'Notification', 'Post', 'Report', 'User']);
  });
});

function fieldsOf(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => `${field.name}: ${String(field.type)}`);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).map((field) => {
    const args = field.args.map((arg) => `${arg.name}: ${String(arg.type)}`).join(', ');
    return `${field.name}${args && `(${args})`}: ${String(field.type)}`;
  });
}
