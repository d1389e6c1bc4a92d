-- A plan with parallel workers waits until they have started, 8 to 120 ms on a busy machine, for statements that read some hundred rows.

-- migrate:up
do $$ begin execute format('alter database %I set max_parallel_workers_per_gather = 0', current_database()); end $$;

-- migrate:down
do $$ begin execute format('alter database %I reset max_parallel_workers_per_gather', current_database()); end $$;
