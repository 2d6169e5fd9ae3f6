package dev.voiceai.ledger;

import java.util.UUID;

class LedgerOnH2Test extends LedgerSqlTest {

    @Override
    String newDatabase() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0";
    }
}
