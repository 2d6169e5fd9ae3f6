package dev.voiceai.sqs;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksRequest;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResponse;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskRequest;
import software.amazon.awssdk.services.sqs.model.StartMessageMoveTaskResponse;

/**
 * The SQS client of all routes. It adds four things to the SDK's own:
 *
 * <ul>
 *   <li>Queue URLs of the form {@code queue:<name>} are looked up at their first use, so SQS may be down at start.
 *   <li>While SQS is down, receiving returns nothing after a pause instead of an error: one line in the log, and
 *       {@link #outage()} for the health check, where Camel would print a stack trace for every consumer and poll.
 *   <li>While the ledger is away nothing is received, since nothing could be worked on.
 *   <li>A clean stop: from the moment the application begins to stop no message is received any more, and what was
 *       received but never handed on becomes visible to other consumers at once, instead of after its visibility
 *       time-out.
 * </ul>
 *
 * <p>It supports the operations that the routes and camel-aws2-sqs use; any other throws
 * {@link UnsupportedOperationException}.
 */
public final class QueueClient implements SqsClient, ApplicationListener<ContextClosedEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(QueueClient.class);
    private static final ReceiveMessageResponse NOTHING = ReceiveMessageResponse.builder().build();
    /** Pause after a failed receive: it leaves a struggling SQS alone, and the route is back within 10 s. */
    private static final int PAUSE_FROM_MS = 1_000;
    private static final int PAUSE_TO_MS = 5_000;
    /** What a long poll may take beyond its waiting time. */
    private static final Duration ANSWER_TIME = Duration.ofSeconds(5);
    /** Far more than the messages that all consumers hold at once; only failed ones, which are never deleted, stay. */
    private static final int TRACKED = 1_000;

    private final SqsClient sqs;
    private final QueueUrls urls;
    private final boolean shared;
    private final BooleanSupplier canWork;
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();
    private final AtomicReference<String> outage = new AtomicReference<>();
    private final ExecutorService polls = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "sqs-poll");
        thread.setDaemon(true);
        return thread;
    });
    /** Receipt handle to queue URL of what was received and not deleted. */
    private final Map<String, String> held = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > TRACKED;
        }
    };

    /**
     * @param createMissing whether a queue that is missing is made, with its dead-letter queue
     * @param shared whether other processes use the queues too: then a stop waits for polls that are under way, since
     *     SQS may still hand them a message
     * @param canWork whether what a message needs is there; while it is not, receiving returns nothing after a pause
     */
    public QueueClient(SqsClient sqs, boolean createMissing, boolean shared, BooleanSupplier canWork) {
        this.sqs = sqs;
        this.canWork = canWork;
        this.urls = new QueueUrls(sqs, createMissing);
        this.shared = shared;
    }

    /** The URL behind {@code queue:<name>}; any other text is returned as it is. */
    public String url(String queue) {
        return urls.resolve(queue);
    }

    /** Why the last receive failed (an error code, no text of a message); empty while SQS answers. */
    public Optional<String> outage() {
        return Optional.ofNullable(outage.get());
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
        if (stopping.isDone()) {
            return NOTHING;
        }
        if (!canWork.getAsBoolean()) {
            pause(PAUSE_FROM_MS);
            return NOTHING;
        }
        // On its own thread, because a long poll can't be called back: on stop it is left alone to end by itself.
        var poll = CompletableFuture.supplyAsync(() -> poll(request), polls);
        try {
            CompletableFuture.anyOf(poll, stopping).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            pauseAfter(request.queueUrl(), e.getCause());
            return NOTHING;
        }
        if (!poll.isDone()) {
            poll.thenAccept(late -> late.messages().forEach(message -> release(message.receiptHandle())));
            return NOTHING;
        }
        if (outage.getAndSet(null) != null) {
            LOG.info("SQS answers again");
        }
        return poll.join();
    }

    private ReceiveMessageResponse poll(ReceiveMessageRequest request) {
        String url = urls.resolve(request.queueUrl());
        Duration limit = ANSWER_TIME.plusSeconds(request.waitTimeSeconds() == null ? 0 : request.waitTimeSeconds());
        var response = sqs.receiveMessage(request.toBuilder()
                .queueUrl(url)
                .overrideConfiguration(override -> override.apiCallAttemptTimeout(limit).apiCallTimeout(limit))
                .build());
        synchronized (held) {
            response.messages().forEach(message -> held.put(message.receiptHandle(), url));
        }
        return response;
    }

    private void pauseAfter(String queue, Throwable failure) {
        if (failure instanceof QueueDoesNotExistException) {
            urls.forget(queue);
        }
        if (outage.getAndSet(reason(failure)) == null) {
            LOG.warn("SQS does not answer ({}); receiving is tried again every few seconds", reason(failure));
        }
        pause(ThreadLocalRandom.current().nextInt(PAUSE_FROM_MS, PAUSE_TO_MS));
    }

    private void pause(int millis) {
        try {
            stopping.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException pauseIsOver) {
            // The next poll tries again.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Not the message of the failure: it may repeat what was sent. */
    private static String reason(Throwable failure) {
        return failure instanceof AwsServiceException refused && refused.awsErrorDetails() != null
                ? refused.awsErrorDetails().errorCode()
                : failure.getClass().getSimpleName();
    }

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest request) {
        return at(request.queueUrl(), url -> sqs.sendMessage(request.toBuilder().queueUrl(url).build()));
    }

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
        return at(request.queueUrl(), url -> sqs.sendMessageBatch(request.toBuilder().queueUrl(url).build()));
    }

    @Override
    public DeleteMessageResponse deleteMessage(DeleteMessageRequest request) {
        var response = at(
                request.queueUrl(), url -> sqs.deleteMessage(request.toBuilder().queueUrl(url).build()));
        settled(request.receiptHandle());
        return response;
    }

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
        var response = at(
                request.queueUrl(),
                url -> sqs.deleteMessageBatch(request.toBuilder().queueUrl(url).build()));
        List<String> deleted = response.successful().stream().map(DeleteMessageBatchResultEntry::id).toList();
        request.entries().stream()
                .filter(entry -> deleted.contains(entry.id()))
                .map(DeleteMessageBatchRequestEntry::receiptHandle)
                .forEach(this::settled);
        return response;
    }

    /** A route that sets the visibility of one message has decided when it comes back: a stop leaves it so. */
    @Override
    public ChangeMessageVisibilityResponse changeMessageVisibility(ChangeMessageVisibilityRequest request) {
        var response = at(
                request.queueUrl(),
                url -> sqs.changeMessageVisibility(request.toBuilder().queueUrl(url).build()));
        settled(request.receiptHandle());
        return response;
    }

    /**
     * Lets a message in work become visible again earlier than its visibility time-out would.
     *
     * @param queue a URL or {@code queue:<name>}
     */
    public void comeBack(String queue, String receiptHandle, int seconds) {
        changeMessageVisibility(change -> change.queueUrl(queue).receiptHandle(receiptHandle).visibilityTimeout(seconds));
    }

    /** This is how Camel extends the visibility of messages in work; they stay held. */
    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
            ChangeMessageVisibilityBatchRequest request) {
        return at(
                request.queueUrl(),
                url -> sqs.changeMessageVisibilityBatch(request.toBuilder().queueUrl(url).build()));
    }

    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
        return at(
                request.queueUrl(),
                url -> sqs.getQueueAttributes(request.toBuilder().queueUrl(url).build()));
    }

    @Override
    public StartMessageMoveTaskResponse startMessageMoveTask(StartMessageMoveTaskRequest request) {
        return sqs.startMessageMoveTask(request);
    }

    @Override
    public ListMessageMoveTasksResponse listMessageMoveTasks(ListMessageMoveTasksRequest request) {
        return sqs.listMessageMoveTasks(request);
    }

    private <T> T at(String queue, Function<String, T> call) {
        try {
            return call.apply(urls.resolve(queue));
        } catch (QueueDoesNotExistException e) {
            urls.forget(queue);
            throw e;
        }
    }

    private void settled(String receiptHandle) {
        synchronized (held) {
            held.remove(receiptHandle);
        }
    }

    /** Ends receiving before anything else stops: Spring announces the stop first and waits for the work afterwards. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        // Not that of the management port's own context.
        if (event.getApplicationContext().getParent() == null) {
            stopReceiving();
        }
    }

    /** From now on {@link #receiveMessage} returns nothing; messages of polls under way become visible again. */
    void stopReceiving() {
        stopping.complete(null);
    }

    /** Gives back what nobody has finished. Called when the routes have stopped. */
    @Override
    public void close() {
        stopReceiving();
        polls.shutdown();
        if (shared) {
            awaitPolls();
        }
        List<String> unfinished;
        synchronized (held) {
            unfinished = List.copyOf(held.keySet());
        }
        unfinished.forEach(this::release);
        sqs.close();
    }

    private void awaitPolls() {
        try {
            // The longest poll that SQS allows.
            polls.awaitTermination(20 + ANSWER_TIME.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void release(String receiptHandle) {
        String url;
        synchronized (held) {
            url = held.remove(receiptHandle);
        }
        if (url == null) {
            return;
        }
        try {
            sqs.changeMessageVisibility(
                    request -> request.queueUrl(url).receiptHandle(receiptHandle).visibilityTimeout(0));
        } catch (SdkException e) {
            LOG.info("a message comes back only after its visibility time-out ({})", reason(e));
        }
    }

    @Override
    public String serviceName() {
        return sqs.serviceName();
    }
}
