/**
 * The warehouse for analysts: Snowflake, or an embedded H2 that runs the same SQL text. What is written when is in
 * {@code routes/warehouse.camel.yaml} and {@code routes/sql/warehouse-*.sql}; here are the pool, the folding of one
 * flush and the functions that H2 lacks.
 */
package dev.voiceai.warehouse;
