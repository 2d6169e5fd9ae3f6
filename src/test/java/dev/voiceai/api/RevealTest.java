package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.http.Forbidden;
import dev.voiceai.privacy.RevealKeys;
import dev.voiceai.system.RunningSystem;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RevealTest {
    private final RunningSystem system = RunningSystem.shared();
    private final String contact = "reveal-" + UUID.randomUUID();
    private final String number = "+12065591234";
    private final String requestId = system.requestCall(
            Client.JSON.createObjectNode().put("to_number", number).put("contact_id", contact));

    private JsonNode read(String path) {
        var response = system.get(path, "operator");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response.body());
    }

    private List<String> revealed(String subject) {
        return read("/api/v1/audit?action=privacy.reveal&subject=" + subject).get("items").findValuesAsText("actor");
    }

    @Test
    void listsMaskNumbersUntilAKeyWithTheRightAsksForThemAndThatIsOnTheAuditTrail() {
        system.awaitFinal(requestId);
        var list = "/api/v1/calls?contact_id=" + contact;
        int before = revealed("calls").size();

        assertThat(read(list).at("/items/0/to_number").asText()).isEqualTo("+1206•••34");
        assertThat(read(list + "&reveal=false").at("/items/0/to_number").asText()).isEqualTo("+1206•••34");
        assertThat(revealed("calls")).hasSize(before);
        var shown = read(list + "&reveal=true");
        assertFits("CallPage", shown);
        assertThat(shown.at("/items/0/to_number").asText()).isEqualTo(number);
        assertThat(revealed("calls")).hasSize(before + 1).contains(system.setting("api-keys.operator").split(":")[0]);

        var search = system.post("/api/v1/calls/search?reveal=true", "operator", "{\"number\": \"" + number + "\"}");
        assertThat(json(search.body()).at("/items/0/to_number").asText()).isEqualTo(number);
        assertThat(read("/api/v1/phone-calls?limit=200").toString()).doesNotContain(number);
        assertThat(read("/api/v1/phone-calls?limit=200&reveal=true").toString()).contains(number);
        assertThat(revealed("phone-calls")).isNotEmpty();
    }

    @Test
    void aReadOfOneThatRevealsIsOnTheAuditTrailToo() {
        var callId = system.awaitFinal(requestId).at("/attempts/0/call_id").asText();
        var taskId = json(system.post("/api/v1/tasks/field-writeback", "business",
                "{\"request_id\": \"%s\", \"fields\": {\"a\": 1}}".formatted(requestId)).body()).get("task_id").asText();

        for (String one : List.of("calls/" + requestId, "phone-calls/" + callId, "tasks/" + taskId)) {
            var subject = one.replace("phone-calls/", "call/").replace("calls/", "request/").replace("tasks/", "task/");
            read("/api/v1/" + one);
            assertThat(revealed(subject)).as(one).isEmpty();
            read("/api/v1/" + one + "?reveal=true");
            assertThat(revealed(subject)).as(one).hasSize(1);
        }
    }

    @Test
    void withoutTheRightNothingIsShown() {
        for (String path : List.of("calls", "phone-calls", "calls/" + requestId)) {
            for (String role : List.of("engage", "business")) {
                assertProblem(system.get("/api/v1/" + path + "?reveal=true", role), 403, "forbidden");
            }
            assertProblem(system.get("/api/v1/" + path + "?reveal=yes", "operator"), 422, "validation");
        }
        assertProblem(system.get("/api/v1/tasks?reveal=true", null), 401, "unauthorized");
    }

    @Test
    void onlyKeysThatAreNamedHaveTheRight() {
        var keys = new RevealKeys("ada, bob");
        keys.require("ada");
        keys.require("bob");
        assertThatThrownBy(() -> keys.require("eve")).isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> new RevealKeys("").require("")).isInstanceOf(Forbidden.class);
    }
}
