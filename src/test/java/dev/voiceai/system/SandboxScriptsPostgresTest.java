package dev.voiceai.system;

import org.junit.jupiter.api.AfterAll;

/** With the ledger on PostgreSQL. */
class SandboxScriptsPostgresTest extends SandboxScriptsTest {
    private RunningSystem system;

    @Override
    RunningSystem system() {
        system = RunningSystem.start(Postgres.newLedger());
        return system;
    }

    @AfterAll
    void stop() {
        // Nothing to stop where PostgreSQL did not start.
        if (system != null) {
            system.close();
        }
    }
}
