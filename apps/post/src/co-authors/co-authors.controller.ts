import { Controller } from '@nestjs/common';
import type { Page, Parsed } from '@fowergram/contracts-core';
import { coAuthorRpc, type Post } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { CoAuthorsService } from './co-authors.service.js';

@Controller()
export class CoAuthorsController {
  constructor(private readonly coAuthors: CoAuthorsService) {}

  @Handle(coAuthorRpc.invite)
  invite(input: Parsed<typeof coAuthorRpc.invite>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.coAuthors.invite(input, idempotencyKey);
  }

  @Handle(coAuthorRpc.remove)
  remove(input: Parsed<typeof coAuthorRpc.remove>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.coAuthors.remove(input, idempotencyKey);
  }

  @Handle(coAuthorRpc.accept)
  accept(input: Parsed<typeof coAuthorRpc.accept>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.coAuthors.accept(input, idempotencyKey);
  }

  @Handle(coAuthorRpc.decline)
  decline(input: Parsed<typeof coAuthorRpc.decline>, { idempotencyKey }: Envelope): Promise<{ declined: boolean }> {
    return this.coAuthors.decline(input, idempotencyKey);
  }

  @Handle(coAuthorRpc.invitations)
  invitations(input: Parsed<typeof coAuthorRpc.invitations>): Promise<Page<Post>> {
    return this.coAuthors.invitations(input);
  }

  @Handle(coAuthorRpc.invited)
  invited(input: Parsed<typeof coAuthorRpc.invited>): Promise<{ postId: string; userIds: string[] }[]> {
    return this.coAuthors.invited(input);
  }
}
