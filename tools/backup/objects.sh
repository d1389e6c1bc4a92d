#!/bin/sh
# Copies the bucket of pictures to $BACKUP_BUCKET, with mc. What was deleted here stays there: a restored database may still name it.
# The alias "store" is our object store, "backup" the one of the copies, by MC_HOST_store and MC_HOST_backup.
set -eu

mc mirror --overwrite "store/${MINIO_BUCKET:?}" "backup/${BACKUP_BUCKET:?}"
