package dev.voiceai.forwarder;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Sends one message to SQS with two tries and a hard limit on the time they take together. */
public final class QueueSender {
    /** Retell waits ten seconds and is to be answered in nine; this leaves room for a cold start and the way back. */
    private static final Duration BUDGET = Duration.ofMillis(7500);
    private static final int BACK_OFF_FROM_MS = 100;
    private static final int BACK_OFF_TO_MS = 400;

    /** One try to send a message. */
    interface Delivery extends AutoCloseable {
        /**
         * Returns once SQS has confirmed that it holds exactly this message.
         *
         * @param limitMs how long it may take; after that, nobody waits for it any more
         * @throws Unconfirmed with a text that is fit for a log; any other exception is logged by its class alone
         */
        void send(String message, String traceparent, int limitMs) throws Exception;

        /** Ends a try that is still under way, from another thread. */
        @Override
        void close();
    }

    /** A try that did not end with "I have it", in words fit for a log. */
    static final class Unconfirmed extends IOException {
        Unconfirmed(String message) {
            super(message);
        }
    }

    private final Supplier<Delivery> deliveries;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "sqs-send");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * A sender that asks for its settings at each try, since credentials expire.
     *
     * @param settings the queue; a failure counts as a failed try
     * @param clock signs the requests' time
     */
    public QueueSender(Callable<QueueSettings> settings, Clock clock) {
        this(() -> new SqsRequest(settings, clock, AwsSignature::sign));
    }

    QueueSender(Supplier<Delivery> deliveries) {
        this.deliveries = deliveries;
    }

    /**
     * Returns once SQS has confirmed that it holds exactly this message. When a confirmation is lost, the second try
     * may send the message twice: its consumers tolerate that.
     *
     * @param message printable ASCII
     * @param traceparent the W3C trace context to send as a message attribute, or null
     * @param since the {@link System#nanoTime()} at which the request came
     * @throws IOException when neither try was confirmed within seven and a half seconds from then; its text is fit for
     *     a log
     */
    public void send(String message, String traceparent, long since) throws IOException {
        long end = since + BUDGET.toNanos();
        try {
            attempt(message, traceparent, (end - System.nanoTime()) / 2);
        } catch (IOException first) {
            try {
                TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(BACK_OFF_FROM_MS, BACK_OFF_TO_MS));
                attempt(message, traceparent, end - System.nanoTime());
            } catch (IOException second) {
                second.addSuppressed(first);
                throw second;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw first;
            }
        }
    }

    /** Runs one try on its own thread: no time-out of the JDK's client covers look-up, connect and answer together. */
    private void attempt(String message, String traceparent, long limitNanos) throws IOException {
        int limitMs = (int) TimeUnit.NANOSECONDS.toMillis(limitNanos);
        if (limitMs <= 0) {
            throw new IOException("no time left");
        }
        Delivery delivery = deliveries.get();
        Future<Void> sent = threads.submit(() -> {
            delivery.send(message, traceparent, limitMs);
            return null;
        });
        try {
            sent.get(limitNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer in time");
        } catch (ExecutionException e) {
            // Not the cause's own text: it may hold what was sent.
            throw e.getCause() instanceof Unconfirmed unconfirmed
                    ? unconfirmed
                    : new IOException(e.getCause().getClass().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        } finally {
            if (sent.cancel(true)) {
                // Not on this thread: closing may wait for the end of a read.
                threads.execute(delivery::close);
            }
        }
    }
}
