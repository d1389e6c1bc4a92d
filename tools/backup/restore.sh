#!/bin/sh
# Makes a data folder out of a base backup and the received log, up to a moment:
#   BACKUP_FOLDER=/backup restore.sh <folder of the base backup> <empty data folder> <recovery target>
# The target is "time = '2026-12-01 03:00:00Z'", "name = 'before the release'", or nothing for all that there is. Postgres itself replays
# the log at its next start, and takes writes from then on. Run it as the user that Postgres runs as.
set -eu

base="${1:?the folder of a base backup}"
data="${2:?the data folder}"
target="${3:-}"
wal="${BACKUP_FOLDER:?}/wal"

pg_verifybackup --quiet "$base"
mkdir -p "$data"
if [ -n "$(ls -A "$data")" ]; then
  echo "$data is not empty: move it away first, it may be needed" >&2
  exit 1
fi
chmod 700 "$data"
cp -a "$base/." "$data/"
rm -f "$data/backup_manifest"

cat >>"$data/postgresql.auto.conf" <<CONF
restore_command = 'cp "$wal/%f" "%p" 2>/dev/null || cp "$wal/%f.partial" "%p"'
recovery_target_action = 'promote'
${target:+recovery_target_$target}
CONF
touch "$data/recovery.signal"
