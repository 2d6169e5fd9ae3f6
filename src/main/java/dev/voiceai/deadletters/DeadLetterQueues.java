package dev.voiceai.deadletters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The dead-letter queues of both queues. What is shown of a message names calls and requests, never a person.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html">Redrive</a>
 */
public final class DeadLetterQueues {

    private static final int PAGE = 10;
    /** Seen and visible again at once, so that a redrive right after finds it: one page is one receive. */
    private static final int PEEK_SECONDS = 0;

    /** The message attributes that direct:park-message writes; what SQS has parked by itself has none. */
    private static final String REASON = "reason";
    private static final String RECEIVES = "receives";

    private final SqsClient sqs;
    private final ObjectMapper json;
    private final Map<String, Queue> queues;

    /** A queue and its dead letters: two URLs, or {@code queue:<name>}. */
    public record Queue(String url, String deadLettersUrl) {}

    /** @param queues by the name that the API uses */
    public DeadLetterQueues(SqsClient sqs, ObjectMapper json, Map<String, Queue> queues) {
        this.sqs = sqs;
        this.json = json;
        this.queues = queues;
    }

    /** Up to ten messages of each dead-letter queue; looking does not take them away. */
    public List<Map<String, Object>> peek() {
        var found = new ArrayList<Map<String, Object>>();
        queues.forEach((name, queue) -> sqs.receiveMessage(receive -> receive
                        .queueUrl(queue.deadLettersUrl())
                        .maxNumberOfMessages(PAGE)
                        .visibilityTimeout(PEEK_SECONDS)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                        .messageAttributeNames(REASON, RECEIVES))
                .messages()
                .forEach(message -> found.add(describe(name, message))));
        return found;
    }

    /**
     * Moves every message of a dead-letter queue back to its queue.
     *
     * @param name of the queue, such as {@code call-requests}; null for all
     * @param dryRun whether to count only
     * @return how many messages there are, approximately, as SQS counts
     */
    public int redrive(String name, boolean dryRun) {
        return queues.entrySet().stream()
                .filter(queue -> name == null || queue.getKey().equals(name))
                .mapToInt(queue -> redrive(queue.getValue(), dryRun))
                .sum();
    }

    private int redrive(Queue queue, boolean dryRun) {
        var attributes = sqs.getQueueAttributes(get -> get.queueUrl(queue.deadLettersUrl())
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, QueueAttributeName.QUEUE_ARN))
                .attributes();
        int count = Integer.parseInt(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
        if (!dryRun && count > 0) {
            sqs.startMessageMoveTask(move -> move.sourceArn(attributes.get(QueueAttributeName.QUEUE_ARN)));
        }
        return count;
    }

    private Map<String, Object> describe(String queue, Message message) {
        var body = parse(message.body());
        var entry = new LinkedHashMap<String, Object>();
        entry.put("source", queue);
        entry.put("id", message.messageId());
        entry.put("schema", body.path("schema").textValue());
        entry.put("event", body.path("event").textValue());
        entry.put("request_id", body.path("request_id").textValue());
        entry.put("call_id", body.path("call_id").textValue());
        entry.put("error", attribute(message, REASON).orElse(null));
        entry.put("attempts", Integer.valueOf(attribute(message, RECEIVES)
                .orElseGet(() -> message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))));
        entry.put("created_at", sentAt(message));
        entry.values().removeIf(Objects::isNull);
        return entry;
    }

    private static Optional<String> attribute(Message message, String name) {
        return Optional.ofNullable(message.messageAttributes().get(name)).map(MessageAttributeValue::stringValue);
    }

    private static Object sentAt(Message message) {
        var millis = message.attributes().get(MessageSystemAttributeName.SENT_TIMESTAMP);
        return millis == null ? null : Instant.ofEpochMilli(Long.parseLong(millis)).atOffset(ZoneOffset.UTC);
    }

    private JsonNode parse(String body) {
        try {
            return json.readTree(body);
        } catch (JsonProcessingException poison) {
            return MissingNode.getInstance();
        }
    }
}
