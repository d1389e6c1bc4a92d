import { Global, Module } from '@nestjs/common';
import { BucketService } from './bucket.service.js';
import { MediaStorage } from './media.storage.js';

@Global()
@Module({ providers: [MediaStorage, BucketService], exports: [MediaStorage] })
export class StorageModule {}
