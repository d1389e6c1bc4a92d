#!/bin/bash
# Runs once, when the data folder is new: one role and one database per owner, closed to everybody else.
set -euo pipefail

create() {
  local name="fowergram_$1" password="$2"
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set name="$name" --set password="$password" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke all on database :"name" from public;
SQL
}

create user "$USER_DATABASE_PASSWORD"
create post "$POST_DATABASE_PASSWORD"
create media "$MEDIA_DATABASE_PASSWORD"
create notification "$NOTIFICATION_DATABASE_PASSWORD"
create auth "$AUTH_DATABASE_PASSWORD"
