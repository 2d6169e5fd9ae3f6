package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanariesTest {
    private final Canaries canaries = new Canaries();

    @ParameterizedTest
    @ValueSource(strings = {
        "to +12065557001.", "tel:12065557001", "/calls?number=%2B12065557001", "(206) 555-7001", "206.555.7001", "+1 206 555 7001",
        "{\"a\":2065557001}"
    })
    void aNumberIsFoundInEverySpelling(String text) {
        canaries.number("number of a call");

        assertThat(canaries.in("first line\n" + text + "\nlast line")).containsExactly("number of a call: " + text);
    }

    @Test
    void whatIsNotANumberIsNone() {
        canaries.number("number of a call");

        assertThat(canaries.in("+1206•••••01 at 2026-11-26T20:65:55.700Z, id 206a-5557-001")).isEmpty();
    }

    @Test
    void everyWordIsAnother() {
        var name = canaries.word("name");
        var secret = canaries.word("secret");

        assertThat(name).isNotEqualTo(secret);
        assertThat(canaries.namesIn("Dear " + name.toUpperCase() + ",")).containsExactly("name");
        assertThat(canaries.namesIn(name + " " + secret)).containsExactly("name", "secret");
    }
}
