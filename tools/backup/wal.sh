#!/bin/sh
# Receives the write-ahead log into $BACKUP_FOLDER/wal as it is written, until it is ended; runs all the time, beside Postgres.
# The slot makes Postgres keep what was not received: set max_slot_wal_keep_size, or a receiver that is away fills its disk.
set -eu

wal="${BACKUP_FOLDER:?}/wal"
mkdir -p "$wal"
pg_receivewal --directory "$wal" --slot fowergram_backup --create-slot --if-not-exists --no-password
exec pg_receivewal --directory "$wal" --slot fowergram_backup --synchronous --no-password
