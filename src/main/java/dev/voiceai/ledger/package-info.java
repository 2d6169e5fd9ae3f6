/**
 * The ledger's connection, clock and identifiers. What the ledger does is in {@code routes/ledger.camel.yaml} and
 * {@code routes/sql}.
 */
package dev.voiceai.ledger;
