package dev.voiceai.ledger;

import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.TransactedPolicy;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs the rest of a route in one ledger transaction: {@code transacted: ref: ledgerTransaction}. Whatever fails rolls the
 * whole transaction back and is then the caller's to handle. {@code rollback: markRollbackOnly}, as the last step, rolls it
 * back too, and the caller goes on as after any other route. Camel's own SpringTransactionPolicy puts an error handler of
 * its own around the route, which marks the failure as handled, so that no caller could try again or answer.
 */
public final class LedgerTransaction implements TransactedPolicy {

    private final TransactionTemplate transaction;
    private final LedgerAvailability availability;

    public LedgerTransaction(PlatformTransactionManager transactionManager, LedgerAvailability availability) {
        this.transaction = new TransactionTemplate(transactionManager);
        this.availability = availability;
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // Nothing in the route's definition changes.
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        return exchange -> {
            var unitOfWork = exchange.getUnitOfWork();
            // Tells Camel to stay on this thread, which the connection is bound to.
            unitOfWork.beginTransactedBy(this);
            try {
                transaction.executeWithoutResult(status -> {
                    run(steps, exchange);
                    if (exchange.getException() != null || exchange.isRollbackOnly()) {
                        status.setRollbackOnly();
                    }
                });
            } catch (CannotCreateTransactionException away) {
                availability.failed();
                throw away;
            } finally {
                // It meant this transaction; left in place, it would end the caller's route without an answer.
                exchange.setRollbackOnly(false);
                unitOfWork.endTransactedBy(this);
            }
        };
    }

    private static void run(Processor steps, Exchange exchange) {
        try {
            steps.process(exchange);
        } catch (Exception failure) {
            exchange.setException(failure);
        }
    }
}
