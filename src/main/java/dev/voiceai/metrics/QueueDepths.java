package dev.voiceai.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * How many messages wait in the queues. SQS's own figures are approximate.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html">
 *     GetQueueAttributes</a>
 */
public final class QueueDepths {

    private static final Map<String, QueueAttributeName> KINDS = Map.of(
            "visible", QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
            "in_flight", QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);

    private final SqsClient sqs;
    /** By the diagram's name, the URL. */
    private final Map<String, String> queues;

    QueueDepths(SqsClient sqs, Map<String, String> queues) {
        this.sqs = sqs;
        this.queues = new LinkedHashMap<>(queues);
    }

    /** Rows of {@code queue}, {@code kind} and {@code messages}; a queue that can't be asked has none. */
    public List<Map<String, Object>> read() {
        List<Map<String, Object>> rows = new ArrayList<>();
        queues.forEach((queue, url) -> {
            try {
                var attributes = sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(KINDS.values())).attributes();
                KINDS.forEach((kind, attribute) -> rows.add(Map.of(
                        "queue", queue, "kind", kind, "messages", Long.parseLong(attributes.getOrDefault(attribute, "0")))));
            } catch (SdkException unreachable) {
                // The indicator `sqs` says so; a gauge that stays at its last figure would not.
            }
        });
        return rows;
    }
}
