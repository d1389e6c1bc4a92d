-- Postgres asks at each call whether a plan for its values would be better than the one that it keeps, and makes it where that seems so: 1 to 3 ms
-- for statements that then run a tenth of that. The statements of this service are written, and checked, for the plan that is kept: none of them
-- needs a value to see that a partial index fits.

-- migrate:up
do $$ begin execute format('alter database %I set plan_cache_mode = force_generic_plan', current_database()); end $$;

-- migrate:down
do $$ begin execute format('alter database %I reset plan_cache_mode', current_database()); end $$;
