package dev.voiceai.routes;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** Whether the ledger understands a statement of {@code routes/sql}: tables, columns and syntax, without running it. */
final class LedgerStatements {

    private final DataSource ledger;

    LedgerStatements(DataSource ledger) {
        this.ledger = ledger;
    }

    /** @return what the database says against it; empty also where the ledger can't be asked */
    Optional<Finding> refusal(String file, String sql) {
        String bound = sql.replaceAll(":#(in:)?\\$\\{[^}]*}", "?").strip().replaceFirst(";$", "");
        try (Connection connection = ledger.getConnection(); PreparedStatement statement = connection.prepareStatement(bound)) {
            // PostgreSQL reads a statement only once something is asked about it.
            statement.getParameterMetaData();
            return Optional.empty();
        } catch (SQLException e) {
            boolean mistake = e.getSQLState() != null && e.getSQLState().startsWith("42");
            return mistake ? Optional.of(new Finding(file, 1, "the ledger does not understand it: "
                    + e.getMessage().lines().findFirst().orElse("").replaceAll("; SQL statement:.*", ""))) : Optional.empty();
        }
    }
}
