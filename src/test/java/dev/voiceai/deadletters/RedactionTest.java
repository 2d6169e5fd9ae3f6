package dev.voiceai.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.http.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static final String REQUEST_ID = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b";

    private final Redaction redaction = new Redaction(Json.mapper());

    @Test
    void aCallEventKeepsItsStructureAndWhatIsHarmless() throws Exception {
        var content = content("""
                {"schema": "call-event/1", "event": "call_analyzed", "call_id": "call_3f9a", "request_id": "%s",
                 "attempt": "1", "received_at": "2026-11-22T12:00:00.000Z", "truncated": false, "payload_sha256": "%s",
                 "call": {"from_number": "+14155550100", "to_number": "+12065550100", "start_timestamp": 1790000100000,
                          "duration_ms": 61000, "disconnection_reason": "user_hangup", "transcript": "User: I am Zoë",
                          "recording_url": "https://recordings.example.com/1", "agent_name": "Anna",
                          "call_analysis": {"call_summary": "Zoë is ill.", "user_sentiment": "Negative",
                                            "custom_analysis_data": {"Zoë": true, "state": "ill", "duration_ms": 5}},
                          "metadata": {"request_id": "%s", "attempt": "1", "state": "WA", "12065550100": [1, "a"]}}}
                """.formatted(REQUEST_ID, "0a".repeat(32), REQUEST_ID));

        assertThat(content).isEqualTo(Json.mapper().readTree("""
                {"schema": "call-event/1", "event": "call_analyzed", "call_id": "call_3f9a", "request_id": "%s",
                 "attempt": "1", "received_at": "2026-11-22T12:00:00.000Z", "truncated": false, "payload_sha256": "%s",
                 "call": {"from_number": "[redacted, 12 characters]", "to_number": "[redacted, 12 characters]",
                          "start_timestamp": 1790000100000, "duration_ms": 61000, "disconnection_reason": "user_hangup",
                          "transcript": "[redacted, 14 characters]", "recording_url": "[redacted, 32 characters]",
                          "agent_name": "[redacted, 4 characters]",
                          "call_analysis": {"call_summary": "[redacted, 11 characters]",
                              "user_sentiment": "[redacted, 8 characters]",
                              "custom_analysis_data": {"[redacted name 1, 3 characters]": "[redacted, true or false]",
                                  "[redacted name 2, 5 characters]": "[redacted, 3 characters]",
                                  "[redacted name 3, 11 characters]": "[redacted, a number]"}},
                          "metadata": {"request_id": "%s", "attempt": "1",
                              "[redacted name 3, 5 characters]": "[redacted, 2 characters]",
                              "[redacted name 4, 11 characters]": ["[redacted, a number]", "[redacted, 1 characters]"]}}}
                """.formatted(REQUEST_ID, "0a".repeat(32), REQUEST_ID)));
    }

    /** Where a harmless value should be, poison may hold anything. */
    @ParameterizedTest
    @ValueSource(strings = {
        "schema", "event", "event_name", "type", "kind", "state", "outcome", "code", "rule", "direction", "call_status",
        "disconnection_reason", "id", "request_id", "call_id", "subject", "source", "time", "received_at", "attempt",
        "attempts", "duration_ms", "cost_usd", "start_timestamp", "payload_sha256", "final", "truncated"
    })
    void aKnownFieldWithAPersonInItShowsNothing(String field) {
        for (String person : new String[] {
            "\"+12065550100\"", "\"12065550100\"", "12065550100", "2065550100", "\"Zoë Miller\"", "\"Zoe\"", "\"zoe@example.com\"",
            "[\"Zoe\"]", "{\"Zoe\": \"Zoe\"}", "\"x2065550100\""
        }) {
            if (person.equals("\"Zoe\"") && (field.equals("call_id") || field.equals("subject"))
                    || person.contains("x206") && (field.equals("call_id") || field.equals("subject"))) {
                continue; // What an id of Retell's looks like is not ours to say.
            }
            var shown = content("{\"%s\": %s}".formatted(field, person)).toString();
            assertThat(shown).doesNotContain("2065550100", "Zoe", "zoe", "Zoë");
        }
    }

    @Test
    void whatIsNotJsonIsToldByItsLengthAndPlaceOnly() {
        assertThat(redaction.content("{\"a\": 1, \"a\": 2}")).containsOnlyKeys("unreadable");
        assertThat(redaction.content("Zoë, +12065550100")).extractingByKey("unreadable").asString()
                .contains("length=17", "line=1", "sha256=").doesNotContain("Zoë", "2065550100");
        assertThat(redaction.content("[".repeat(5_000))).containsOnlyKeys("unreadable");
        assertThat(redaction.content("[".repeat(900) + "]".repeat(900))).containsOnlyKeys("content");
    }

    private JsonNode content(String text) {
        Map<String, Object> content = redaction.content(text);
        return (JsonNode) content.get("content");
    }
}
