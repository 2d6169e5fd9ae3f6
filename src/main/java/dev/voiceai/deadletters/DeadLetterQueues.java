package dev.voiceai.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.http.Problem;
import dev.voiceai.logs.MessageNames;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The dead-letter queues of both queues. SQS can not be read without receiving, so to look is to take messages out of
 * sight for moments and to give them back; who looks in the same moment sees the fewer.
 *
 * <p>Messages go back one by one, sent before they are deleted: whatever fails in between, none is lost. SQS's own
 * message move would not know where to: it only knows what SQS itself has moved to a dead-letter queue, not what
 * {@code direct:park-message} has sent there.
 */
public final class DeadLetterQueues {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterQueues.class);

    /** Of each queue, at a time. Below what the client tracks for a clean stop. */
    private static final int MOST = 400;
    /** The characters that messages taken at a time may have in all, so that large ones do not fill the memory. */
    private static final long MOST_CHARACTERS = 64L << 20;

    private static final int PAGE = 10;
    /** Where this process dies, what it had taken is seen again so much later. */
    private static final int HOLD_SECONDS = 120;

    /** In 2001; with as many digits as any moment since. */
    private static final long LONG_AGO = 1_000_000_000_000L;

    /** The message attributes that direct:park-message writes; what SQS has parked by itself has none. */
    private static final String REASON = "reason";
    private static final String RECEIVES = "receives";

    /** What a message tells of itself is shown where it looks like what it should be: poison may hold anything anywhere. */
    private static final Map<String, Pattern> SHOWN = Map.of(
            "schema", Pattern.compile("[a-z][a-z-]{0,62}/[0-9]{1,4}"),
            "event", Pattern.compile("[a-z][a-z_]{0,63}"),
            "request_id", MessageNames.UUID,
            "call_id", MessageNames.ID);

    private final SqsClient sqs;
    private final Redaction redaction;
    private final Map<String, Queue> queues;
    private final int most;

    /** A queue and its dead letters: two URLs, or {@code queue:<name>}. */
    public record Queue(String url, String deadLettersUrl) {}

    /** What is shown of a message, and the message, which is out of sight as long as it is held. */
    private record Letter(Queue queue, Map<String, Object> entry, Message message) {}

    /** Messages that are held, and whether there were no more to look at. */
    public static final class Chosen {
        private final List<Letter> letters = new ArrayList<>();
        private boolean complete = true;

        public int size() {
            return letters.size();
        }

        /** False where a queue had more messages than are looked at at a time. */
        public boolean isComplete() {
            return complete;
        }

        /** What is shown of each. */
        public List<Map<String, Object>> entries() {
            return letters.stream().map(Letter::entry).toList();
        }

        /** How many there are of each queue. */
        public Map<String, Integer> counts() {
            var counts = new HashMap<String, Integer>();
            letters.forEach(letter -> counts.merge((String) letter.entry().get("source"), 1, Integer::sum));
            return counts;
        }
    }

    /** @param queues by the name that the API uses */
    public DeadLetterQueues(SqsClient sqs, Redaction redaction, Map<String, Queue> queues) {
        this(sqs, redaction, queues, MOST);
    }

    DeadLetterQueues(SqsClient sqs, Redaction redaction, Map<String, Queue> queues, int most) {
        this.sqs = sqs;
        this.redaction = redaction;
        this.queues = queues;
        this.most = most;
    }

    /** What is shown of the messages that fit {@code filter}, see {@link #choose}; none of them is held. */
    public Chosen look(Map<String, Object> filter) {
        var chosen = choose(filter);
        chosen.letters.forEach(this::giveBack);
        return chosen;
    }

    /** One message with its redacted content, see {@link Redaction#content}; null where there is none of this id. */
    public Map<String, Object> find(String id) {
        return look(Map.of("queues", List.copyOf(queues.keySet()), "ids", List.of(id))).letters.stream()
                .findFirst()
                .map(letter -> {
                    var found = new LinkedHashMap<>(letter.entry());
                    found.putAll(redaction.content(letter.message().body()));
                    return found;
                })
                .orElse(null);
    }

    /**
     * Holds the messages that fit, for two minutes at most. Whoever calls it has to {@link #release} them.
     *
     * @param filter {@code queues}, a list of names; and, where they are not null, {@code ids}, a list, and
     *     {@code request_id}, {@code call_id}, {@code event}, {@code error}, as they are shown
     * @throws Problem 503 where SQS does not answer
     */
    public Chosen choose(Map<String, Object> filter) {
        var chosen = new Chosen();
        var others = new ArrayList<Letter>();
        try {
            for (Object name : (Collection<?>) filter.get("queues")) {
                take((String) name, letter -> fits(filter, letter.entry()), chosen, others);
            }
        } catch (SdkException down) {
            others.forEach(this::giveBack);
            release(chosen);
            throw unavailable();
        }
        others.forEach(this::giveBack);
        return chosen;
    }

    private static Problem unavailable() {
        return new Problem(503, "sqs-unavailable", "SQS does not answer. Try again in a few seconds.", List.of());
    }

    /**
     * Deletes every message in which one of these texts stands by itself, not as a part of a longer number or word.
     * All queues are looked through to their end; whatever fails in between, a repeat goes on with what is left.
     *
     * @return how many
     * @throws Problem 503 where SQS does not answer
     */
    public int erase(Collection<String> texts) {
        if (texts.isEmpty()) {
            return 0;
        }
        var pattern = Pattern.compile(texts.stream()
                .map(text -> "(?<![\\w+])" + Pattern.quote(text) + "(?!\\w)")
                .collect(Collectors.joining("|")));
        int erased = 0;
        for (Queue queue : queues.values()) {
            var others = new HashMap<String, String>();
            try {
                erased += erase(queue, pattern, others);
            } catch (SdkException down) {
                throw unavailable();
            } finally {
                others.values().forEach(handle -> giveBack(queue, handle));
            }
        }
        return erased;
    }

    private int erase(Queue queue, Pattern pattern, Map<String, String> others) {
        int expected = count(queue);
        int erased = 0;
        boolean more = true;
        while (more) {
            more = false;
            // A short poll asks a part of the servers only, so it may miss what there is.
            for (Message message : receive(queue, erased + others.size() < expected ? 1 : 0)) {
                if (pattern.matcher(message.body()).find()) {
                    sqs.deleteMessage(delete ->
                            delete.queueUrl(queue.deadLettersUrl()).receiptHandle(message.receiptHandle()));
                    erased++;
                    more = true;
                } else {
                    more |= others.put(message.messageId(), message.receiptHandle()) == null;
                }
            }
        }
        return erased;
    }

    private void take(String name, Predicate<Letter> test, Chosen chosen, List<Letter> others) {
        var queue = queues.get(name);
        int expected = count(queue);
        var seen = new HashMap<String, Letter>();
        long characters = 0;
        boolean more = true;
        while (more) {
            if (seen.size() >= most || characters >= MOST_CHARACTERS) {
                chosen.complete = false;
                return;
            }
            // A short poll asks a part of the servers only, so it may miss what there is.
            var page = receive(queue, seen.size() < expected ? 1 : 0);
            more = false;
            for (Message message : page) {
                var letter = new Letter(queue, describe(name, message), message);
                if (seen.put(message.messageId(), letter) == null) {
                    more = true;
                    characters += message.body().length();
                    if (test.test(letter)) {
                        chosen.letters.add(letter);
                    } else {
                        others.add(letter);
                    }
                }
            }
        }
    }

    private int count(Queue queue) {
        return Integer.parseInt(sqs.getQueueAttributes(get -> get.queueUrl(queue.deadLettersUrl())
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                .attributes()
                .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
    }

    private List<Message> receive(Queue queue, int waitSeconds) {
        return sqs.receiveMessage(receive -> receive
                        .queueUrl(queue.deadLettersUrl())
                        .maxNumberOfMessages(PAGE)
                        .visibilityTimeout(HOLD_SECONDS)
                        .waitTimeSeconds(waitSeconds)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                        .messageAttributeNames("All"))
                .messages();
    }

    private static boolean fits(Map<String, Object> filter, Map<String, Object> entry) {
        return (filter.get("ids") == null || ((Collection<?>) filter.get("ids")).contains(entry.get("id")))
                && Stream.of("request_id", "call_id", "event", "error")
                        .allMatch(name -> filter.get(name) == null || filter.get(name).equals(entry.get(name)));
    }

    /**
     * Sends held messages to the queues that they came from, with what came along with them, such as a trace context, but
     * without the reason why they had been given up.
     *
     * @return how many; fewer than there are where SQS stopped to answer
     */
    public int send(Chosen chosen) {
        int sent = 0;
        while (!chosen.letters.isEmpty()) {
            try {
                send(chosen.letters.get(0));
            } catch (SdkException down) {
                LOG.warn("dead letters not sent: {}, {} are left", down.getClass().getSimpleName(), chosen.size());
                return sent;
            }
            chosen.letters.remove(0);
            sent++;
        }
        return sent;
    }

    private void send(Letter letter) {
        var message = letter.message();
        var attributes = new HashMap<>(message.messageAttributes());
        attributes.keySet().removeAll(List.of(REASON, RECEIVES));
        var trace = message.attributes().get(MessageSystemAttributeName.AWS_TRACE_HEADER);
        sqs.sendMessage(send -> {
            send.queueUrl(letter.queue().url()).messageBody(message.body()).messageAttributes(attributes);
            if (trace != null) {
                send.messageSystemAttributes(Map.of(
                        MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                        MessageSystemAttributeValue.builder().dataType("String").stringValue(trace).build()));
            }
        });
        sqs.deleteMessage(delete ->
                delete.queueUrl(letter.queue().deadLettersUrl()).receiptHandle(message.receiptHandle()));
    }

    /** Makes what is still held visible again. */
    public void release(Chosen chosen) {
        chosen.letters.forEach(this::giveBack);
        chosen.letters.clear();
    }

    private void giveBack(Letter letter) {
        giveBack(letter.queue(), letter.message().receiptHandle());
    }

    private void giveBack(Queue queue, String receiptHandle) {
        try {
            sqs.changeMessageVisibility(change -> change.queueUrl(queue.deadLettersUrl())
                    .receiptHandle(receiptHandle)
                    .visibilityTimeout(0));
        } catch (SdkException down) {
            LOG.info("a dead letter is seen again only after {} s ({})", HOLD_SECONDS, down.getClass().getSimpleName());
        }
    }

    private Map<String, Object> describe(String queue, Message message) {
        var body = redaction.read(message.body());
        var entry = new LinkedHashMap<String, Object>();
        entry.put("source", queue);
        entry.put("id", message.messageId());
        for (String name : List.of("schema", "event", "request_id", "call_id")) {
            entry.put(name, shown(body, name));
        }
        entry.put("error", attribute(message, REASON).orElse(null));
        // SQS's own count grows with every look at the queue, so it is not told.
        entry.put("attempts", attribute(message, RECEIVES).map(Integer::valueOf).orElse(null));
        var sentAt = message.attributes().get(MessageSystemAttributeName.SENT_TIMESTAMP);
        entry.put("created_at", sentAt == null ? null : Instant.ofEpochMilli(Long.parseLong(sentAt)).atOffset(ZoneOffset.UTC));
        // The same in milliseconds, which pages are ordered by; a server that does not tell puts its messages last.
        entry.put("at", sentAt == null ? LONG_AGO : Long.parseLong(sentAt));
        entry.values().removeIf(Objects::isNull);
        return entry;
    }

    private static String shown(JsonNode body, String name) {
        String value = body.path(name).textValue();
        return value != null && SHOWN.get(name).matcher(value).matches() ? value : null;
    }

    private static Optional<String> attribute(Message message, String name) {
        return Optional.ofNullable(message.messageAttributes().get(name)).map(MessageAttributeValue::stringValue);
    }
}
