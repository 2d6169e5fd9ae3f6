package dev.voiceai.sqs;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Turns {@code queue:<name>} into the queue's URL at its first use, since SQS may be down when the routes start. */
final class QueueUrls {
    static final String PREFIX = "queue:";
    /** AWS advises at least 5, so that a hiccup does not make a message a dead letter. */
    private static final int MAX_RECEIVE_COUNT = 5;
    private static final int VISIBILITY_SECONDS = 120;
    private static final String DEAD_LETTERS = "-dlq";

    private final SqsClient sqs;
    private final boolean create;
    private final Map<String, String> urls = new ConcurrentHashMap<>();

    /** @param create whether a missing queue is made; at AWS queues belong to the infrastructure's own code */
    QueueUrls(SqsClient sqs, boolean create) {
        this.sqs = sqs;
        this.create = create;
    }

    /** The URL of {@code queue:<name>}; anything else is returned as it is. After a failure the next use asks again. */
    String resolve(String url) {
        if (url == null || !url.startsWith(PREFIX)) {
            return url;
        }
        String known = urls.get(url);
        if (known == null) {
            known = lookUp(url.substring(PREFIX.length()));
            urls.put(url, known);
        }
        return known;
    }

    /** Asks again at the next use: a queue that was deleted and made anew may have another URL. */
    void forget(String url) {
        urls.remove(url);
    }

    private String lookUp(String name) {
        try {
            return sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
        } catch (QueueDoesNotExistException e) {
            if (!create) {
                throw e;
            }
            return create(name);
        }
    }

    private String create(String name) {
        if (name.endsWith(DEAD_LETTERS)) {
            return sqs.createQueue(request -> request.queueName(name)).queueUrl();
        }
        // Not the known one: an SQS that lost this queue has lost that one too.
        String deadLetters = lookUp(name + DEAD_LETTERS);
        String arn = sqs.getQueueAttributes(
                        request -> request.queueUrl(deadLetters).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        return sqs.createQueue(request -> request.queueName(name)
                        .attributes(Map.of(
                                QueueAttributeName.VISIBILITY_TIMEOUT, String.valueOf(VISIBILITY_SECONDS),
                                QueueAttributeName.REDRIVE_POLICY,
                                        "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
                                                .formatted(arn, MAX_RECEIVE_COUNT))))
                .queueUrl();
    }
}
