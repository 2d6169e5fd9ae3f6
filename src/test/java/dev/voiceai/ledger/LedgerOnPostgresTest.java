package dev.voiceai.ledger;

import dev.voiceai.system.Postgres;

class LedgerOnPostgresTest extends LedgerSqlTest {

    @Override
    String newDatabase() {
        return Postgres.newLedger().get("LEDGER_URL");
    }
}
