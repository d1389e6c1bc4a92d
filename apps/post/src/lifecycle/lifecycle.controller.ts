import { Controller } from '@nestjs/common';
import type { Output, Page, Parsed } from '@fowergram/contracts-core';
import { type Post, postLifeRpc, postRpc } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { DraftsService } from './drafts.service.js';
import { EditsService } from './edits.service.js';
import { OwnListsService } from './own-lists.service.js';
import { PinsService } from './pins.service.js';
import { TransitionsService } from './transitions.service.js';

type OwnInput = Parsed<typeof postLifeRpc.publish>;

@Controller()
export class LifecycleController {
  constructor(
    private readonly drafts: DraftsService,
    private readonly transitions: TransitionsService,
    private readonly edits: EditsService,
    private readonly pins: PinsService,
    private readonly lists: OwnListsService,
  ) {}

  @Handle(postLifeRpc.saveDraft)
  saveDraft(input: Parsed<typeof postLifeRpc.saveDraft>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.drafts.save(input, idempotencyKey);
  }

  @Handle(postLifeRpc.publish)
  publish(input: OwnInput, { idempotencyKey }: Envelope): Promise<Post> {
    return this.transitions.publish(input, idempotencyKey);
  }

  @Handle(postLifeRpc.schedule)
  schedule(input: Parsed<typeof postLifeRpc.schedule>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.transitions.schedule(input, idempotencyKey);
  }

  @Handle(postLifeRpc.archive)
  archive(input: OwnInput, { idempotencyKey }: Envelope): Promise<Post> {
    return this.transitions.archive(input, idempotencyKey);
  }

  @Handle(postLifeRpc.unarchive)
  unarchive(input: OwnInput, { idempotencyKey }: Envelope): Promise<Post> {
    return this.transitions.unarchive(input, idempotencyKey);
  }

  @Handle(postRpc.delete)
  delete(input: Parsed<typeof postRpc.delete>, { idempotencyKey }: Envelope): Promise<Output<typeof postRpc.delete>> {
    return this.transitions.delete(input, idempotencyKey);
  }

  @Handle(postLifeRpc.restore)
  restore(input: OwnInput, { idempotencyKey }: Envelope): Promise<Post> {
    return this.transitions.restore(input, idempotencyKey);
  }

  @Handle(postRpc.update)
  update(input: Parsed<typeof postRpc.update>, { idempotencyKey }: Envelope): Promise<Post> {
    return this.edits.update(input, idempotencyKey);
  }

  @Handle(postLifeRpc.history)
  history(input: Parsed<typeof postLifeRpc.history>): Promise<Output<typeof postLifeRpc.history>> {
    return this.edits.history(input);
  }

  @Handle(postLifeRpc.pin)
  pin(input: OwnInput, { idempotencyKey }: Envelope): Promise<Post> {
    return this.pins.pin(input, idempotencyKey);
  }

  @Handle(postLifeRpc.unpin)
  unpin(input: OwnInput, { idempotencyKey }: Envelope): Promise<Post> {
    return this.pins.unpin(input, idempotencyKey);
  }

  @Handle(postLifeRpc.pinned)
  pinned(input: Parsed<typeof postLifeRpc.pinned>): Promise<Post[]> {
    return this.pins.pinned(input);
  }

  @Handle(postLifeRpc.own)
  own(input: Parsed<typeof postLifeRpc.own>): Promise<Page<Post>> {
    return this.lists.own(input);
  }
}
