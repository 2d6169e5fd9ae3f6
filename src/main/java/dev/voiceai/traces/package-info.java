/** Traces: one span for each route that works on a call, across both queues, Retell and the ledger. */
package dev.voiceai.traces;
