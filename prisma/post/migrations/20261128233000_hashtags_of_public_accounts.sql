-- The count of a hashtag is of posts that everybody may see: one that counted those of private or hidden accounts would tell of them. A post
-- that is listed counts as it did (follow_post); what is not counted is taken out of the count again by the triggers below.

-- migrate:up
alter table post_hashtag add column counted boolean not null default true;

-- Whether posts of the account are counted as it was before its last change: what is behind, a job follows in batches.
alter table hidden_account add column counts_behind boolean not null default false;
create index hidden_account_counts_behind on hidden_account (user_id) where counts_behind;

create function counts_fall_behind() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    new.counts_behind := new.hidden or new.is_private;
  elsif (old.hidden or old.is_private) <> (new.hidden or new.is_private) then
    new.counts_behind := true;
  end if;
  return new;
end $$;
create trigger account_is_changed before insert or update of hidden, is_private on hidden_account for each row
  execute function counts_fall_behind();

-- A post waits here for the batch that follows its account, or the batch for the post: each of them sees what the other has done.
create function decide_count() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('hashtag-counts:' || new.author_id, 0));
  new.counted := (select hidden or is_private from hidden_account where user_id = new.author_id) is not true;
  return new;
end $$;
create trigger hashtag_is_used before insert on post_hashtag for each row execute function decide_count();

create function correct_count() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into hashtag_counter_delta (hashtag, posts) values (old.hashtag, 1);
  elsif new.counted then
    insert into hashtag_counter_delta (hashtag, posts) values (new.hashtag, 1);
  else
    insert into hashtag_counter_delta (hashtag, posts) values (new.hashtag, -1);
  end if;
  return null;
end $$;
create trigger hashtag_is_used_unseen after insert on post_hashtag for each row
  when (not new.counted) execute function correct_count();
create trigger hashtag_is_used_no_more after delete on post_hashtag for each row
  when (not old.counted) execute function correct_count();
create trigger hashtag_is_counted after update of counted on post_hashtag for each row
  when (old.counted <> new.counted) execute function correct_count();

update post_hashtag set counted = false
  where author_id in (select user_id from hidden_account where hidden or is_private);
create index post_hashtag_by_author on post_hashtag (author_id, counted);

-- migrate:down
update post_hashtag set counted = true where not counted;
drop trigger hashtag_is_counted on post_hashtag;
drop trigger hashtag_is_used_no_more on post_hashtag;
drop trigger hashtag_is_used_unseen on post_hashtag;
drop function correct_count;
drop trigger hashtag_is_used on post_hashtag;
drop function decide_count;
drop trigger account_is_changed on hidden_account;
drop function counts_fall_behind;
drop index post_hashtag_by_author;
drop index hidden_account_counts_behind;
alter table hidden_account drop column counts_behind;
alter table post_hashtag drop column counted;
