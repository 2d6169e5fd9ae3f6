package dev.voiceai.api;

import static dev.voiceai.api.Client.assertProblem;
import static dev.voiceai.api.Client.json;
import static dev.voiceai.api.ContractSchemas.assertFits;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.system.RunningSystem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTest {
    private final RunningSystem system = RunningSystem.shared();

    private JsonNode page(String query) {
        var response = system.get("/api/v1/audit?" + query, "operator");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        var page = json(response.body());
        assertFits("AuditPage", page);
        return page;
    }

    @Test
    void thePagesTogetherAreTheWholeTrailNewestFirst() {
        for (int i = 0; i < 3; i++) {
            system.post("/api/v1/do-not-call", "engage",
                    "{\"contact_id\": \"audit-%s\", \"source\": \"crm\", \"reason\": \"r\"}".formatted(UUID.randomUUID()));
        }
        var ids = new ArrayList<String>();
        var page = page("action=do-not-call.added&limit=2");
        while (true) {
            page.get("items").forEach(entry -> ids.add(entry.get("id").asText()));
            if (page.path("next_cursor").isNull()) {
                break;
            }
            page = page("action=do-not-call.added&limit=2&cursor=" + page.get("next_cursor").asText());
        }

        assertThat(ids).hasSizeGreaterThanOrEqualTo(3).doesNotHaveDuplicates();
        assertThat(ids).isEqualTo(ids.stream().sorted((one, other) -> other.compareTo(one)).toList());
    }

    @Test
    void actorActionSubjectAndTimeNarrowItDown() {
        var contact = "audit-" + UUID.randomUUID();
        var before = Instant.now();
        system.post("/api/v1/do-not-call", "business",
                "{\"contact_id\": \"%s\", \"source\": \"crm\", \"reason\": \"r\"}".formatted(contact));
        system.post("/api/v1/do-not-call/remove", "operator", "{\"contact_id\": \"%s\", \"reason\": \"r\"}".formatted(contact));
        var subject = "subject=contact/" + contact;
        var business = system.setting("api-keys.business").split(":")[0];

        assertThat(actions(subject)).containsExactly("do-not-call.removed", "do-not-call.added");
        assertThat(actions(subject + "&actor=" + business)).containsExactly("do-not-call.added");
        assertThat(actions(subject + "&action=do-not-call.removed")).containsExactly("do-not-call.removed");
        assertThat(actions(subject + "&from=" + before)).hasSize(2);
        assertThat(actions(subject + "&to=" + before)).isEmpty();
        assertThat(actions(subject + "&from=" + Instant.now().plusSeconds(60))).isEmpty();
    }

    private List<String> actions(String query) {
        return page(query).get("items").findValuesAsText("action");
    }

    @Test
    void noNumberAndNoWordAboutAPersonIsShown() {
        system.post("/api/v1/do-not-call", "operator",
                "{\"numbers\": [\"+12065557766\"], \"source\": \"crm\", \"reason\": \"Ada Lovelace wrote\"}");

        var items = page("action=do-not-call.added&limit=200").get("items");

        assertThat(items).anySatisfy(entry -> assertThat(entry.get("subject").asText()).isEqualTo("number/+1206•••66"));
        assertThat(items.toString()).doesNotContain("+12065557766", "Lovelace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"from=yesterday", "to=1", "limit=0", "limit=x", "subject=number/%2B12065550100", "actor="})
    void aQueryThatMeansNothingIsRefused(String query) {
        assertProblem(system.get("/api/v1/audit?" + query, "operator"), 422, "validation");
    }

    @Test
    void onlyOperatorsReadIt() {
        assertProblem(system.get("/api/v1/audit", "engage"), 403, "forbidden");
        assertProblem(system.get("/api/v1/audit", "business"), 403, "forbidden");
        assertProblem(system.get("/api/v1/audit", null), 401, "unauthorized");
    }
}
