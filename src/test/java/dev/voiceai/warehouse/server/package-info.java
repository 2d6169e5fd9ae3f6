/**
 * A server that speaks as much of Snowflake's protocol as its JDBC driver needs to log in, to write and to read, over
 * DuckDB in memory. It breaks on demand. It proves what the driver, the pool and the routes do; what Snowflake's own
 * compiler says to a statement, only Snowflake can tell.
 */
package dev.voiceai.warehouse.server;
