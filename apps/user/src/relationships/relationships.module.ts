import { Module } from '@nestjs/common';
import { VisibleProfilesModule } from '../profiles/visible-profiles.module.js';
import { RelationsModule } from '../relations/relations.module.js';
import { OwnListsService } from './own-lists.service.js';
import { RelationshipChangesService } from './relationship-changes.service.js';

@Module({
  imports: [RelationsModule, VisibleProfilesModule],
  providers: [RelationshipChangesService, OwnListsService],
  exports: [RelationshipChangesService, OwnListsService, RelationsModule, VisibleProfilesModule],
})
export class RelationshipsModule {}
