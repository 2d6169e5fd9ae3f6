package dev.voiceai.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdsTest {

    private final Ids ids = new Ids();

    @Test
    void newIdsAreVersion7AndSortByAge() {
        var made = IntStream.range(0, 10_000).mapToObj(i -> ids.next()).toList();

        assertThat(made).isSorted().doesNotHaveDuplicates().allMatch(id -> UUID.fromString(id).version() == 7);
    }

    @Test
    void theSameEventHasTheSameIdInEveryProcess() {
        String id = ids.ofEvent("call_1", 1, "voice_ai.call.started", "attempt/1");

        assertThat(UUID.fromString(id).version()).isEqualTo(5);
        assertThat(new Ids().ofEvent("call_1", 1, "voice_ai.call.started", "attempt/1")).isEqualTo(id);
    }

    @Test
    void eachPartOfAnEventCounts() {
        assertThat(new String[] {
                    ids.ofEvent("call_1", 1, "t", "c"),
                    ids.ofEvent("call_2", 1, "t", "c"),
                    ids.ofEvent("call_1", 2, "t", "c"),
                    ids.ofEvent("call_1", null, "t", "c"),
                    ids.ofEvent("call_1", 1, "u", "c"),
                    ids.ofEvent("call_1", 1, "t", "d"),
                    ids.ofEvent("call_1", 1, "tc", ""),
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void aProcessKeepsItsReplicaIdAndSharesItWithNone() {
        assertThat(ids.replica()).isEqualTo(ids.replica()).isNotEqualTo(new Ids().replica());
    }

    @Test
    void aHashIsThatOfTheUtf8Bytes() {
        assertThat(ids.sha256("")).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(ids.sha256("Zoë")).isEqualTo("c6a12698582fc1104ea24107a2d7268145ff06ef859707729d01fd060897f067");
    }
}
