package dev.voiceai.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeyedHashTest {

    /** RFC 4231, test case 2. */
    @Test
    void itIsHmacSha256() {
        assertThat(new KeyedHash("Jefe").of("what do ya want for nothing?"))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void aContactIdIsNeverTakenForANumber() {
        var hash = new KeyedHash("key");
        assertThat(hash.ofContact("+12065550100")).isNotEqualTo(hash.ofNumber("+12065550100"));
        assertThat(hash.ofNumbers(List.of("+12065550100"))).containsEntry("+12065550100", hash.ofNumber("+12065550100"));
    }

    @Test
    void withoutTheKeyNobodyIsRecognised() {
        assertThat(new KeyedHash("one").ofNumber("+12065550100")).isNotEqualTo(new KeyedHash("other").ofNumber("+12065550100"));
    }

    @Test
    void nobodyHasNoHash() {
        assertThat(new KeyedHash("key").ofNumber(null)).isNull();
        assertThat(new KeyedHash("key").ofContact(null)).isNull();
    }
}
