import { Controller } from '@nestjs/common';
import type { Parsed } from '@fowergram/contracts-core';
import { type ContentPreferences, preferenceRpc } from '@fowergram/contracts-post';
import { type Envelope, Handle } from '@fowergram/messaging';
import { PreferencesService } from './preferences.service.js';

@Controller()
export class PreferencesController {
  constructor(private readonly preferences: PreferencesService) {}

  @Handle(preferenceRpc.get)
  get(input: Parsed<typeof preferenceRpc.get>): Promise<ContentPreferences> {
    return this.preferences.get(input);
  }

  @Handle(preferenceRpc.update)
  update(input: Parsed<typeof preferenceRpc.update>, { idempotencyKey }: Envelope): Promise<ContentPreferences> {
    return this.preferences.update(input, idempotencyKey);
  }
}
