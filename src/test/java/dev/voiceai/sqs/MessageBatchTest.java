package dev.voiceai.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageBatchTest {
    private static final String FIRST = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String SECOND = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void eachMessageHasTheTraceOfItsOwnRow() {
        var batch = new MessageBatch().of(
                List.of(
                        Map.of("id", "r1", "payload", "{\"no\":1}", "traceparent", FIRST),
                        Map.of("id", "r2", "payload", "{\"no\":2}", "traceparent", SECOND),
                        Map.of("id", "r3", "payload", "{\"no\":3}")),
                "queue:call-requests");

        assertThat(batch.queueUrl()).isEqualTo("queue:call-requests");
        assertThat(batch.entries()).extracting("id").containsExactly("r1", "r2", "r3");
        assertThat(batch.entries()).extracting("messageBody").containsExactly("{\"no\":1}", "{\"no\":2}", "{\"no\":3}");
        assertThat(batch.entries().get(0).messageAttributes().get("traceparent").stringValue()).isEqualTo(FIRST);
        assertThat(batch.entries().get(1).messageAttributes().get("traceparent").stringValue()).isEqualTo(SECOND);
        assertThat(batch.entries().get(2).messageAttributes()).isEmpty();
    }
}
