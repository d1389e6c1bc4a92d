-- Plans that seem dear would be compiled, 12 to 100 ms each time, and statements of this service take less. The database says so, and no
-- connection: a pooler takes no parameters of a start, and this holds behind it, too.

-- migrate:up
do $$ begin execute format('alter database %I set jit = off', current_database()); end $$;

-- migrate:down
do $$ begin execute format('alter database %I reset jit', current_database()); end $$;
