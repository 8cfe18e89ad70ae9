#!/bin/sh
# A database with an owner of its own for each: kitter, Keycloak, Kamailio, and the stand-in for wac-core. Runs once, on an empty volume.
set -eu

create() {
  psql --set ON_ERROR_STOP=1 --set name="$1" --set password="$2" --dbname postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" TEMPLATE template0 ENCODING 'UTF8';
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
}

create kitter "$KITTER_DB_PASSWORD"
create keycloak "$KEYCLOAK_DB_PASSWORD"
create kamailio "$KAMAILIO_DB_PASSWORD"
create wac_core "$WAC_CORE_DB_PASSWORD"

# Kamailio's stock schema, version 2 of htable: Debian has it in /usr/share/kamailio/postgres
psql --set ON_ERROR_STOP=1 --dbname kamailio <<'SQL'
SET ROLE kamailio;
CREATE TABLE version (
    id SERIAL PRIMARY KEY NOT NULL,
    table_name VARCHAR(32) NOT NULL,
    table_version INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT version_table_name_idx UNIQUE (table_name)
);
CREATE TABLE htable (
    id SERIAL PRIMARY KEY NOT NULL,
    key_name VARCHAR(64) DEFAULT '' NOT NULL,
    key_type INTEGER DEFAULT 0 NOT NULL,
    value_type INTEGER DEFAULT 0 NOT NULL,
    key_value VARCHAR(128) DEFAULT '' NOT NULL,
    expires INTEGER DEFAULT 0 NOT NULL
);
INSERT INTO version (table_name, table_version) VALUES ('htable', 2);
-- all that kitter needs of it, and no more
GRANT CONNECT ON DATABASE kamailio TO kitter;
GRANT SELECT, INSERT, DELETE ON htable TO kitter;
GRANT USAGE ON SEQUENCE htable_id_seq TO kitter;
SQL
