-- migrate:up
-- Once for each decision of the moderators: what somebody has reported may be worth another report after it.
create unique index report_once_in_case on report (reporter_id, case_id);
create index report_of_subject on report (reporter_id, subject_id, created_at desc, id desc);
drop index report_once;

-- migrate:down
delete from report where id = any(array(
  select again.id from report again
  where exists (
    select from report before
    where before.reporter_id = again.reporter_id and before.subject_id = again.subject_id
      and (before.created_at, before.id) < (again.created_at, again.id)
  )
));
create unique index report_once on report (reporter_id, subject_id);
drop index report_of_subject;
drop index report_once_in_case;
