package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.RunningSystem;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExportTest {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final RunningSystem system = RunningSystem.shared();

    private static String number() {
        return "+1206554" + "%04d".formatted(NEXT.incrementAndGet());
    }

    private String called(String number, String contact) {
        var call = Client.JSON.createObjectNode().put("to_number", number).put("contact_id", contact);
        call.putObject("consent").put("basis", "form").put("obtained_at", "2026-01-01T00:00:00Z").put("reference", "form-7");
        call.putObject("metadata").put("order", "A-1");
        var requestId = system.requestCall(call);
        system.awaitFinal(requestId);
        return requestId;
    }

    private JsonNode export(String body) {
        var response = system.post("/api/v1/privacy/exports", "operator", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        var export = json(response.body());
        assertFits("PersonExport", export);
        return export;
    }

    @Test
    void everythingAboutOnePersonIsInIt() {
        var number = number();
        var contact = "export-" + UUID.randomUUID();
        var requestId = called(number, contact);
        var callId = system.call(requestId).at("/attempts/0/call_id").asText();
        system.post("/api/v1/tasks/field-writeback", "business",
                "{\"call_id\": \"%s\", \"fields\": {\"size\": \"XL\"}}".formatted(callId));
        system.post("/api/v1/tasks/incoming-call", "business",
                "{\"from_number\": \"%s\", \"to_number\": \"+14155550100\"}".formatted(number));
        system.post("/api/v1/do-not-call", "engage",
                "{\"numbers\": [\"%s\"], \"source\": \"crm\", \"reason\": \"wrote a letter\"}".formatted(number));

        var export = export("{\"number\": \"%s\"}".formatted(number));

        assertThat(export.at("/numbers/0").asText()).isEqualTo(number);
        assertThat(export.at("/contact_ids/0").asText()).isEqualTo(contact);
        assertThat(export.at("/requests/0/request_id").asText()).isEqualTo(requestId);
        assertThat(export.at("/requests/0/consent/reference").asText()).isEqualTo("form-7");
        assertThat(export.at("/requests/0/metadata/order").asText()).isEqualTo("A-1");
        assertThat(export.at("/requests/0/attempts/0/call_id").asText()).isEqualTo(callId);
        assertThat(export.at("/requests/0/timeline").findValuesAsText("state")).contains("accepted", "call_analyzed", "done");
        assertThat(export.at("/phone_calls/0/transcript").asText()).isNotBlank();
        assertThat(export.at("/phone_calls/0/events").findValuesAsText("event"))
                .contains("call_started", "call_ended", "call_analyzed");
        assertThat(export.at("/tasks").findValuesAsText("type")).containsExactlyInAnyOrder("field-writeback", "incoming-call");
        assertThat(export.at("/tasks").toString()).contains("XL");
        assertThat(export.at("/do_not_call/0/reason").asText()).isEqualTo("wrote a letter");
        assertThat(export.at("/audit").findValuesAsText("action"))
                .contains("do-not-call.added", "task.field-writeback", "task.incoming-call");
        assertThat(export("{\"contact_id\": \"%s\"}".formatted(contact)).get("requests")).isEqualTo(export.get("requests"));
    }

    @Test
    void aNumberThatTwoContactsShareIsLeftOutOfWhatBelongsToOneOfThem() {
        var shared = number();
        var own = number();
        var one = "export-" + UUID.randomUUID();
        var other = "export-" + UUID.randomUUID();
        var first = called(shared, one);
        var second = called(own, one);
        var third = called(shared, other);

        var export = export("{\"contact_id\": \"%s\"}".formatted(one));

        assertThat(export.at("/numbers")).hasSize(1);
        assertThat(export.at("/numbers/0").asText()).isEqualTo(own);
        assertThat(export.at("/requests").findValuesAsText("request_id")).contains(first, second).doesNotContain(third);
        var byNumber = export("{\"number\": \"%s\"}".formatted(shared));
        assertThat(byNumber.at("/contact_ids")).isEmpty();
        assertThat(byNumber.at("/requests").findValuesAsText("request_id")).contains(first, third).doesNotContain(second);
    }

    @Test
    void anExportIsOnTheAuditTrailAndLeavesNothingElse() {
        var contact = "export-" + UUID.randomUUID();

        var export = export("{\"contact_id\": \"%s\"}".formatted(contact));

        assertThat(export.get("requests")).isEmpty();
        var audit = json(system.get("/api/v1/audit?subject=contact/" + contact, "operator").body());
        assertThat(audit.get("items").findValuesAsText("action")).containsExactly("privacy.export");
        assertThat(system.ledger().sql("SELECT COUNT(*) FROM privacy_subject WHERE id = ?").param(contact).query(Long.class)
                .single()).isZero();
    }

    @Test
    void onlyOperatorsExportAndABodyNamesOnePerson() {
        assertProblem(system.post("/api/v1/privacy/exports", "engage", "{\"contact_id\": \"c\"}"), 403, "forbidden");
        assertProblem(system.post("/api/v1/privacy/exports", "business", "{\"contact_id\": \"c\"}"), 403, "forbidden");
        assertProblem(system.post("/api/v1/privacy/exports", "operator", "{}"), 422, "validation");
        assertProblem(system.post("/api/v1/privacy/exports", "operator",
                "{\"contact_id\": \"c\", \"number\": \"+12065550100\"}"), 422, "validation");
        assertProblem(system.post("/api/v1/privacy/exports", "operator", "{\"number\": \"5550100\"}"), 422, "validation");
    }
}
