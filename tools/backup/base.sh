#!/bin/sh
# A base backup of all databases, checked, into $BACKUP_FOLDER/base/<time>. Keeps the newest $KEEP_BASES (7).
# Where Postgres is comes from PGHOST, PGPORT, PGUSER and PGPASSWORD; the user may replicate.
set -eu

base="${BACKUP_FOLDER:?}/base"
target="$base/$(date -u +%Y%m%dT%H%M%SZ)"
mkdir -p "$base"
rm -rf "$base"/*.half

pg_basebackup --pgdata "$target.half" --wal-method stream --checkpoint fast --no-password
pg_verifybackup --quiet "$target.half"
# Half a backup never has the name of a whole one.
mv "$target.half" "$target"

# Names are times, so their order is that of time.
for old in $(ls -1r "$base" | tail -n "+$((${KEEP_BASES:-7} + 1))"); do
  rm -rf "${base:?}/$old"
done
echo "$target"
