-- migrate:up
-- What moderators decide at once: the reports of one subject since their last decision about it. The first row of a page is found by
-- the time at which the case was opened, which never changes.
create table report_case (
  id uuid primary key,
  subject_kind text not null check (subject_kind in ('user', 'post', 'comment')),
  subject_id uuid not null,
  owner_id uuid not null,
  report_count integer not null,
  opened_at timestamptz(3) not null,
  outcome text check (outcome in ('NO_ACTION', 'CONTENT_HIDDEN', 'USER_SUSPENDED', 'USER_BANNED')),
  resolution_note text,
  resolver_id uuid,
  resolved_at timestamptz(3),
  constraint report_case_resolution check ((outcome is null) = (resolved_at is null) and (outcome is null) = (resolver_id is null))
);
create unique index report_case_of_subject on report_case (subject_id) where resolved_at is null;
create index report_case_newest on report_case (opened_at desc, id desc);
create index report_case_open on report_case (opened_at desc, id desc) where resolved_at is null;
create index report_case_resolved on report_case (opened_at desc, id desc) where resolved_at is not null;
create index report_case_by_resolver on report_case (resolver_id, opened_at desc, id desc) where resolver_id is not null;
create index report_case_owner on report_case (owner_id);

create table report (
  id uuid primary key,
  case_id uuid not null,
  reporter_id uuid not null,
  subject_id uuid not null,
  owner_id uuid not null,
  reason text not null check (reason in
    ('SPAM', 'NUDITY', 'VIOLENCE', 'HATE', 'HARASSMENT', 'SELF_HARM', 'SCAM', 'INTELLECTUAL_PROPERTY', 'OTHER')),
  note text,
  created_at timestamptz(3) not null,
  constraint report_not_of_oneself check (reporter_id <> owner_id)
);
create unique index report_once on report (reporter_id, subject_id);
create index report_of_reporter on report (reporter_id, created_at desc, id desc);
create index report_of_case on report (case_id, created_at desc, id desc);
create index report_owner on report (owner_id);

-- What an action was about where it was not the account as a whole: a post or a comment.
alter table account_action add column content_id uuid;

-- migrate:down
alter table account_action drop column content_id;
drop table report;
drop table report_case;
