package dev.voiceai.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Whether the ledger answers. The queue client asks before it receives: a message that can't be worked on stays in its
 * queue, so that an outage uses up none of the receives after which a message counts as poison.
 */
public final class LedgerAvailability {

    private static final int ANSWER_SECONDS = 1;

    private final DataSource ledger;
    private volatile boolean down;

    public LedgerAvailability(DataSource ledger) {
        this.ledger = ledger;
    }

    /** A transaction could not begin: from now on {@link #isUp()} tries the ledger itself, until it answers. */
    void failed() {
        down = true;
    }

    /** True while nothing has failed; after a failure whether the ledger answers now. */
    public boolean isUp() {
        return !down || answers();
    }

    private synchronized boolean answers() {
        if (down) {
            try (Connection connection = ledger.getConnection()) {
                down = !connection.isValid(ANSWER_SECONDS);
            } catch (SQLException stillAway) {
                return false;
            }
        }
        return !down;
    }
}
