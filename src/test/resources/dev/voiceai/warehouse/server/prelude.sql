-- Types and functions of Snowflake that the warehouse's SQL uses and DuckDB lacks.
CREATE TYPE timestamp_tz AS TIMESTAMPTZ;
CREATE MACRO parse_json(text) AS CAST(text AS JSON);
CREATE MACRO get_path(variant, path) AS (variant ->> ('$.' || path));
CREATE MACRO convert_timezone(zone, moment) AS (moment AT TIME ZONE zone);
CREATE MACRO flatten(input) AS TABLE
  SELECT ROW_NUMBER() OVER () - 1 AS index, element.value
  FROM (SELECT UNNEST(CAST(input AS JSON[])) AS value) element;
