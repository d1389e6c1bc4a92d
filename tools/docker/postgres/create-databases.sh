#!/bin/bash
# Runs when the data folder is new, and may be run again: the roles, databases and grants of databases.psql.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" --dbname postgres --file "$(dirname "$0")/databases.psql"
