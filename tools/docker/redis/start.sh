#!/bin/sh
# Starts Redis with the users of users.acl. The server reads no variables, so their passwords are filled in here.
set -eu
umask 077

while IFS= read -r line; do
  eval "printf '%s\n' \"$line\""
done < /usr/local/etc/redis/users.acl > /tmp/users.acl

exec redis-server /usr/local/etc/redis/redis.conf --aclfile /tmp/users.acl
