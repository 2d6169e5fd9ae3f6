package dev.voiceai.ledger;

import org.apache.camel.ProducerTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Wakes a relay as soon as the transaction that wrote to the outbox has committed, so that a message leaves within
 * milliseconds. A lost wake-up costs at most the relay's timer period.
 */
public final class OutboxSignal {

    private final ProducerTemplate producer;

    public OutboxSignal(ProducerTemplate producer) {
        this.producer = producer;
    }

    /** Sends a wake-up to {@code seda:relay-<sink>} after commit; nothing after a rollback. */
    public void wakeAfterCommit(String sink) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                producer.sendBody("seda:relay-" + sink + "?size=1&discardWhenFull=true&failIfNoConsumers=false", null);
            }
        });
    }
}
