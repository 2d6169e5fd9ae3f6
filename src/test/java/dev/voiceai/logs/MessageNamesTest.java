package dev.voiceai.logs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageNamesTest {
    private static final String REQUEST_ID = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b";

    private final MessageNames names = new MessageNames();

    @Test
    void namesAreTold() {
        assertThat(names.describe("call_ended", "call_3f9a1c7e5b2d48f6a0e1c3b5d79", REQUEST_ID, "2"))
                .isEqualTo("event=call_ended call_id=call_3f9a1c7e5b2d48f6a0e1c3b5d79 request_id=" + REQUEST_ID + " attempt=2");
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        assertThat(names.describe(null, "", REQUEST_ID, null)).isEqualTo("request_id=" + REQUEST_ID);
        assertThat(names.describe(null, null, null, null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"+12065557001", "12065557001", "ended for +12065557001", "Zoe Miller", "zoe@example.com", "a\nb", "/9999999"})
    void whatIsNoNameIsNotTold(String text) {
        assertThat(names.describe(text, text, text, text)).isEqualTo("event=- call_id=- request_id=- attempt=-");
    }
}
