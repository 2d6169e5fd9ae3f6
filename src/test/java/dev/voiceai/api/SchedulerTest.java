package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.voiceai.system.RunningSystem;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final String NUMBER = "+12065550100";

    private final Outside outside = Outside.shared();
    private final RunningSystem system = outside.system;

    @Test
    void aScheduledCallIsDialedWhenItIsDueAndNotBefore() {
        var due = Instant.now().plusMillis(2_500).truncatedTo(ChronoUnit.MILLIS);
        var requestId = system.requestCall(
                Client.JSON.createObjectNode().put("to_number", NUMBER).put("not_before", due.toString()));
        assertThat(system.call(requestId).get("state").asText()).isEqualTo("scheduled");

        outside.complete(requestId, 1);
        var call = system.awaitFinal(requestId);

        assertThat(Instant.parse(call.at("/attempts/0/dialing_at").asText())).isBetween(due, due.plusSeconds(15));
        assertThat(Instant.parse(call.get("expires_at").asText())).isEqualTo(due.plus(3, ChronoUnit.DAYS));
    }

    @Test
    void aMessageThatWasLostIsSentAgainAndDialsOnce() {
        var requestId = later();
        system.ledger()
                .sql("UPDATE request SET state = 'queued', due_at = NULL, updated_at = ? WHERE request_id = ?")
                .params(OffsetDateTime.now().minusHours(1), requestId)
                .update();

        outside.complete(requestId, 1);

        assertThat(system.awaitFinal(requestId).get("outcome").asText()).isEqualTo("completed");
        assertThat(outside.dials(requestId)).hasSize(1);
    }

    @Test
    void aCallThatNobodyCouldDialInTimeExpires() {
        var requestId = later();
        system.ledger().sql("UPDATE request SET expires_at = ? WHERE request_id = ?").params(OffsetDateTime.now(), requestId).update();

        var call = system.awaitFinal(requestId);

        assertThat(call.get("state").asText()).isEqualTo("expired");
        assertThat(call.at("/reason/code").asText()).isEqualTo("expired");
        system.awaitEmptyOutbox(requestId);
        assertThat(outside.events(requestId)).containsExactly("not_placed");
        assertThat(outside.dials(requestId)).isEmpty();
    }

    @Test
    void aDialWhoseProcessIsGoneIsLookedUpAndNeverRepeated() {
        var requestId = later();
        var longAgo = OffsetDateTime.now().minusHours(1);
        system.ledger().sql("UPDATE request SET state = 'calling', due_at = NULL, next_attempt = 2 WHERE request_id = ?")
                .param(requestId).update();
        system.ledger()
                .sql("""
                        INSERT INTO attempt (request_id, no, state, to_number, policy_row, dialing_at, heard_at, updated_at)
                        VALUES (?, 1, 'dialing', ?, 'first', ?, ?, ?)""")
                .params(requestId, NUMBER, longAgo, longAgo, longAgo)
                .update();

        var call = system.awaitState(requestId, "unknown");

        assertThat(call.at("/attempts/0/state").asText()).isEqualTo("unknown");
        assertThat(call.get("timeline").findValuesAsText("kind")).contains("lookup", "task");
        assertThat(outside.dials(requestId)).isEmpty();
        await().atMost(RunningSystem.PATIENCE).until(() -> outside.retell.requests().stream()
                .filter(request -> request.path().equals("/v3/list-calls") && request.text().contains(requestId))
                .count() == 3);
    }

    private String later() {
        return system.requestCall(Client.JSON.createObjectNode()
                .put("to_number", NUMBER)
                .put("not_before", Instant.now().plus(1, ChronoUnit.DAYS).toString()));
    }
}
