package dev.voiceai.retell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.http.Json;
import dev.voiceai.retell.DialAnswers.DialAnswer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class DialAnswersTest {

    private final DialAnswers answers = new DialAnswers(Json.mapper());

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 203, 299})
    void aSuccessThatNamesACallIsAPlacedCall(int status) {
        assertThat(answers.read(status, "{\"call_id\": \"call_1\", \"call_status\": \"registered\"}"))
                .isEqualTo(new DialAnswer("placed", null, null, "call_1"));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {
        "{}", "[]", "null", "1", "\"call_1\"", "{\"call_id\": null}", "{\"call_id\": \"\"}", "{\"call_id\": \"  \"}",
        "{\"call_id\": 7}", "{\"call_id\": {\"id\": \"call_1\"}}", "{\"call_id\": \"call_1\"", "<html><body>201</body></html>",
    })
    void a201WithoutACallMayHavePlacedOne(String body) {
        assertThat(answers.read(201, body))
                .isEqualTo(new DialAnswer("unknown", "unreadable_answer", "HTTP 201 without a call_id", null));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 204})
    void anotherSuccessWithoutACallMayHavePlacedOneToo(int status) {
        assertThat(answers.read(status, status == 204 ? null : "{\"status\": \"ok\"}")).isEqualTo(
                new DialAnswer("unknown", "unreadable_answer", "HTTP " + status + " without a call_id", null));
    }

    @Test
    void aCallIdThatNoColumnTakesIsUnreadable() {
        assertThat(answers.read(201, "{\"call_id\": \"" + "c".repeat(128) + "\"}").result()).isEqualTo("placed");
        assertThat(answers.read(201, "{\"call_id\": \"" + "c".repeat(129) + "\"}").code()).isEqualTo("unreadable_answer");
    }

    @Test
    void aLargeAnswerIsReadWhole() {
        var body = "{\"transcript\": \"" + "x".repeat(200_000) + "\", \"call_id\": \"call_1\"}";

        assertThat(answers.read(201, body).callId()).isEqualTo("call_1");
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request",
        "401, retell_unauthorized",
        "402, payment_required",
        "422, unknown_number_or_agent",
        "429, rate_limited",
    })
    void aDocumentedRefusalPlacedNothing(int status, String code) {
        assertThat(answers.read(status, "{\"status\": \"error\", \"message\": \"No.\"}"))
                .isEqualTo(new DialAnswer("refused", code, "No.", null));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 199, 300, 301, 302, 307, 308, 403, 404, 405, 408, 409, 410, 413, 418, 425, 451, 499, 500, 501,
        502, 503, 504, 520, 599})
    void anyOtherStatusProvesNothing(int status) {
        assertThat(answers.read(status, "{\"call_id\": \"call_1\"}"))
                .isEqualTo(new DialAnswer("unknown", "retell_error", "HTTP " + status, null));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"<html><h1>502 Bad Gateway</h1></html>", "{\"message\": 5}", "{\"message\": null}", "[]", "{"})
    void withoutWordsTheStatusIsTheReason(String body) {
        assertThat(answers.read(429, body).message()).isEqualTo("HTTP 429");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "+12065550100 is not a number", "12065550100", "call +1 (206) 555-0100 again", "call 206-555-0100", "at +49 30 901820",
        "the key key_0123abcDEF is unknown",
    })
    void numbersAndKeysInAMessageAreHidden(String message) {
        assertThat(answers.read(400, "{\"message\": \"" + message + "\"}").message())
                .contains("…")
                .doesNotContain("206", "555", "901820", "key_");
    }

    @Test
    void aMessageIsCutToItsColumn() {
        assertThat(answers.read(400, "{\"message\": \"" + "no ".repeat(70_000) + "\"}").message()).hasSize(200);
    }
}
