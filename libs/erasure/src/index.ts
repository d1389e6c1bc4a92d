export { ErasureStep, type ErasesUser, type SizeOf } from './erasure-step.decorator.js';
export { type ErasureOutcome, type ErasureProgress, ErasureSteps } from './erasure-steps.service.js';
export { ErasureStepsModule } from './erasure-steps.module.js';
export { StoredMessagesRepository } from './stored-messages.repository.js';
