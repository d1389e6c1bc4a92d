import { Module } from '@nestjs/common';
import { CodeCheckService } from './code-check.service.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SecondFactorErasure } from './second-factor.erasure.js';
import { SecondFactorRepository } from './second-factor.repository.js';
import { SecondFactorService } from './second-factor.service.js';
import { SecondFactorCryptoService } from './second-factor-crypto.service.js';

@Module({
  controllers: [SecondFactorController],
  providers: [
    SecondFactorService,
    CodeCheckService,
    SecondFactorRepository,
    SecondFactorCryptoService,
    SecondFactorErasure,
  ],
})
export class SecondFactorModule {}
