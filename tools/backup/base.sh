#!/bin/sh
# A base backup of all databases, checked, into $BACKUP_FOLDER/base/<time>. Keeps the newest $KEEP_BASES (7),
# and of the log in $BACKUP_FOLDER/wal what these need.
# Where Postgres is comes from PGHOST, PGPORT, PGUSER and PGPASSWORD; the user may replicate.
set -eu

base="${BACKUP_FOLDER:?}/base"
wal="$BACKUP_FOLDER/wal"
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

# What was written before the oldest backup began nobody can replay any more.
oldest="$base/$(ls -1 "$base" | head -n 1)"
needed="$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\)).*/\1/p' "$oldest/backup_label")"
if [ -d "$wal" ]; then pg_archivecleanup "$wal" "${needed:?}"; fi
echo "$target"
