package dev.voiceai.sqs;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * Makes one request to SQS of up to ten rows of the outbox, as bean {@code messageBatch}: camel-aws2-sqs would give all
 * messages of a batch the same attributes, and each belongs to a trace of its own.
 */
public final class MessageBatch {
    private static final String TRACEPARENT = "traceparent";

    /**
     * @param rows with {@code id}, {@code payload}, which becomes the message, and {@code traceparent}, which becomes an
     *     attribute of it where there is one
     * @param queueUrl as {@link QueueClient} takes it
     */
    public SendMessageBatchRequest of(List<Map<String, Object>> rows, String queueUrl) {
        return SendMessageBatchRequest.builder()
                .queueUrl(queueUrl)
                .entries(rows.stream().map(MessageBatch::entry).toList())
                .build();
    }

    private static SendMessageBatchRequestEntry entry(Map<String, Object> row) {
        var entry = SendMessageBatchRequestEntry.builder().id((String) row.get("id")).messageBody((String) row.get("payload"));
        if (row.get(TRACEPARENT) instanceof String traceparent) {
            entry.messageAttributes(Map.of(
                    TRACEPARENT, MessageAttributeValue.builder().dataType("String").stringValue(traceparent).build()));
        }
        return entry.build();
    }
}
