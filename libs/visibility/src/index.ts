export { accountVisibilityOf } from './account-visibility.rules.js';
export {
  feedAudiences,
  isEverybodys,
  isInFeedOf,
  isPostShownTo,
  isShown,
  isShownTo,
  isSurelyInFeed,
  isUnblocked,
  OUT_OF_SIGHT,
  refusedAuthors,
  relationOf,
} from './conditions.rules.js';
export { MutedWordsRepository, mutesWords } from './muted-words.repository.js';
export { VisibilityRetention } from './visibility-retention.service.js';
export { VisibilityModule } from './visibility.module.js';
export { VisibilityRepository } from './visibility.repository.js';
