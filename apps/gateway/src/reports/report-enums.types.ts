import { registerEnumType } from '@nestjs/graphql';
import {
  ReportOutcome as OutcomeSchema,
  ReportReason as ReasonSchema,
  ReportState as StateSchema,
} from '@fowergram/contracts-user';

export const ReportReason = ReasonSchema.enum;
registerEnumType(ReportReason, {
  name: 'ReportReason',
  description: 'What is wrong with what is reported.',
  valuesMap: {
    SPAM: { description: 'Advertising, the same again and again, or bought likes and follows.' },
    NUDITY: { description: 'Nudity or sexual acts.' },
    VIOLENCE: { description: 'Violence, threats, or dangerous goods.' },
    HATE: { description: 'Hatred of somebody for what they are.' },
    HARASSMENT: { description: 'Bullying or harassment of somebody.' },
    SELF_HARM: { description: 'Suicide, self-injury or eating disorders.' },
    SCAM: { description: 'Fraud, or somebody who pretends to be another one.' },
    INTELLECTUAL_PROPERTY: { description: 'The work or the mark of somebody else.' },
    OTHER: { description: 'Something else, which the note says.' },
  },
});

export const ReportState = StateSchema.enum;
registerEnumType(ReportState, {
  name: 'ReportState',
  description: 'Whether moderators have answered a report.',
  valuesMap: {
    OPEN: { description: 'It waits for a moderator.' },
    RESOLVED: { description: 'A moderator has decided, as its outcome says.' },
  },
});

export const ReportOutcome = OutcomeSchema.enum;
registerEnumType(ReportOutcome, {
  name: 'ReportOutcome',
  description: 'What a moderator has decided about what was reported.',
  valuesMap: {
    NO_ACTION: { description: 'It stays as it is.' },
    CONTENT_HIDDEN: { description: 'The post or comment is seen by its author alone, who reads why.' },
    USER_SUSPENDED: { description: 'The user, or whoever wrote it, is hidden and signed out for a time.' },
    USER_BANNED: {
      description: 'The user, or whoever wrote it, is hidden and signed out until somebody reinstates them.',
    },
  },
});
