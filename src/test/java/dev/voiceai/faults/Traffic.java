package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.faults.History.Accepted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers who ask for calls all the time: most for at once, some for later, some that must not be dialed. */
final class Traffic {
    private static final int CALLERS = 4;
    private static final String[] AREAS = {"206", "212", "312", "303"};

    private final Api api;
    private final Random random;
    private final List<String> forbidden;
    private final SharedSqs sqs;
    private final ScheduledExecutorService callers = Executors.newScheduledThreadPool(CALLERS);
    private final ScheduledExecutorService repeaters = Executors.newScheduledThreadPool(2);
    private final AtomicInteger numbers = new AtomicInteger();
    private final List<Accepted> accepted = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private volatile int repeats;

    /**
     * @param forbidden numbers on the do-not-call list
     * @param sqs where messages are repeated; null where they are not
     */
    Traffic(long seed, Api api, List<String> forbidden, SharedSqs sqs) {
        this.random = new Random(seed);
        this.api = api;
        this.forbidden = forbidden;
        this.sqs = sqs;
    }

    /** From now on each message comes up to so many times more. */
    void repeatMessages(int most) {
        repeats = most;
    }

    void start(double perSecond) {
        callers.scheduleAtFixedRate(this::guarded, 0, (long) (1_000_000 / perSecond), TimeUnit.MICROSECONDS);
    }

    /** Some requests as fast as may be. */
    void burst(int requests) {
        for (int i = 0; i < requests; i++) {
            callers.execute(this::guarded);
        }
    }

    private void guarded() {
        try {
            request();
        } catch (Throwable failure) {
            synchronized (failures) {
                failures.add(failure);
            }
        }
    }

    private void request() {
        int kind = random.nextInt(100);
        if (kind < 5 && !forbidden.isEmpty()) {
            var requestId = api.requestCall(Api.call(forbidden.get(random.nextInt(forbidden.size()))));
            keep(Accepted.of(requestId).doNotCall(Instant.EPOCH));
        } else if (kind < 10) {
            var expiresAt = Instant.now().plusSeconds(20).plusMillis(random.nextInt(3_000));
            var notBefore = expiresAt.minusMillis(1 + random.nextInt(2_000));
            keep(Accepted.of(api.requestCall(Api.call(number())
                            .put("not_before", notBefore.toString())
                            .put("expires_at", expiresAt.toString())))
                    .expiring(expiresAt));
        } else if (kind < 15) {
            var requestId = api.requestCall(Api.call(number()).put("not_before", Instant.now().plusSeconds(600).toString()));
            assertThat(api.cancel(requestId)).isTrue();
            keep(Accepted.of(requestId).cancelled(Instant.now()));
        } else if (kind < 20) {
            var requestId = api.requestCall(Api.call(number()));
            boolean cancelled = api.cancel(requestId);
            keep(cancelled ? Accepted.of(requestId).cancelled(Instant.now()) : Accepted.of(requestId));
        } else if (kind < 25) {
            keep(Accepted.of(api.requestCall(Api.call(number()).put("not_before", Instant.now().plusSeconds(2).toString()))));
        } else {
            keep(Accepted.of(api.requestCall(Api.call(number()))));
        }
    }

    private String number() {
        int next = numbers.getAndIncrement();
        return "+1" + AREAS[next % AREAS.length] + "555" + (1000 + next / AREAS.length);
    }

    private void keep(Accepted request) {
        synchronized (accepted) {
            accepted.add(request);
        }
        if (sqs != null && repeats > 0) {
            for (int i = 1 + random.nextInt(repeats); i > 0; i--) {
                int attempt = random.nextInt(10) == 0 ? 2 : 1;
                repeaters.schedule(() -> sqs.repeat(request.requestId(), attempt), random.nextInt(2_000), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Asks for nothing more; everything that was asked for has its answer. */
    List<Accepted> stop() throws InterruptedException {
        callers.shutdown();
        assertThat(callers.awaitTermination(Duration.ofMinutes(5).toSeconds(), TimeUnit.SECONDS)).as("callers end").isTrue();
        repeaters.shutdown();
        assertThat(repeaters.awaitTermination(1, TimeUnit.MINUTES)).as("the last repeats are sent").isTrue();
        synchronized (failures) {
            assertThat(failures).isEmpty();
        }
        synchronized (accepted) {
            return List.copyOf(accepted);
        }
    }
}
