package dev.voiceai.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the calls on as their scripts say, on one thread. A move and the webhooks that tell of it are one transaction;
 * what is due together shares it, since H2 writes some 40 kB for each.
 */
final class CallRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallRunner.class);
    private static final int BATCH = 100;
    /** How often to look even if nothing is known to come due: the webhook URL may have become known. */
    private static final long LONGEST_PAUSE_MS = 500;
    private static final Duration LAST_TRIES = Duration.ofSeconds(2);

    private final SandboxSettings settings;
    private final CallStore store;
    private final WebhookSender webhooks;
    private final Semaphore wake = new Semaphore(0);
    /** In place of an interrupt, which would close H2's file under its feet. */
    private volatile boolean closed;
    private final Thread thread = new Thread(this::run, "retell-sandbox-calls");

    CallRunner(SandboxSettings settings, CallStore store) {
        this.settings = settings;
        this.store = store;
        webhooks = new WebhookSender(settings, store, this::wake);
        thread.setDaemon(true);
    }

    WebhookSender webhooks() {
        return webhooks;
    }

    void start() {
        thread.start();
    }

    /** Something may have come due. */
    void wake() {
        wake.release();
    }

    /** Stores a new call and what is going to happen to it; to be called in a transaction. */
    void place(ObjectNode call, Script script, String requestId) {
        String callId = call.get("call_id").asText();
        store.insert(new CallStore.Call(callId, script, script, call), requestId);
        long now = System.currentTimeMillis();
        for (Script.Step step : script.course.steps) {
            store.schedule(callId, step.action(), now + scaled(step.afterMs()));
        }
    }

    /**
     * Hangs up.
     *
     * @return false when there is no such call or it is not ongoing
     */
    boolean stop(String callId) {
        boolean stopped = store.inTransaction(() -> {
            CallStore.Call call = store.lock(callId).orElse(null);
            if (call == null || !"ongoing".equals(call.body().get("call_status").asText())) {
                return false;
            }
            store.update(new CallStore.Call(callId, call.script(), Script.LONG, call.body()));
            store.deleteSteps(callId);
            long now = System.currentTimeMillis();
            store.schedule(callId, Script.Action.END, now);
            store.schedule(callId, Script.Action.ANALYZE, now + scaled(Script.ANALYSIS_MS));
            return true;
        });
        wake();
        return stopped;
    }

    /** A duration of a script as this sandbox runs it, in milliseconds. */
    long scaled(long milliseconds) {
        return Math.round(milliseconds * settings.timeScale());
    }

    private void run() {
        try {
            while (!closed) {
                wake.tryAcquire(pass(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
            }
            // The tries under way get a moment to end, so that a clean stop repeats none of them.
            long deadline = System.nanoTime() + LAST_TRIES.toNanos();
            while (webhooks.busy() && System.nanoTime() < deadline) {
                wake.tryAcquire(LONGEST_PAUSE_MS, TimeUnit.MILLISECONDS);
                inTransaction(webhooks::noteOutcomes);
            }
        } catch (InterruptedException e) {
            LOG.warn("The calls were interrupted, they go on at the next start");
        }
    }

    /** Does everything that is due. Answers how long it can wait for the next pass, in milliseconds. */
    private long pass() {
        try {
            inTransaction(webhooks::noteOutcomes);
            long now = System.currentTimeMillis();
            // All moves before any webhook: the first turn is known only when every event that is due is there.
            List<CallStore.DueStep> due = store.dueSteps(now, BATCH);
            while (!due.isEmpty()) {
                List<CallStore.DueStep> batch = due;
                inTransaction(() -> batch.forEach(this::move));
                due = store.dueSteps(now, BATCH);
            }
            webhooks.sendDue(now);
            long pause = store.nextDue(now).orElse(Long.MAX_VALUE) - System.currentTimeMillis();
            return Math.max(0, Math.min(pause, LONGEST_PAUSE_MS));
        } catch (RuntimeException e) {
            LOG.error("The calls could not be moved on, trying again", e);
            return LONGEST_PAUSE_MS;
        }
    }

    private void inTransaction(Runnable work) {
        store.inTransaction(() -> {
            work.run();
            return null;
        });
    }

    /** To be called in a transaction. */
    private void move(CallStore.DueStep step) {
        CallStore.Call call = store.lock(step.callId()).orElseThrow();
        if (!store.delete(step)) {
            // A stop has taken the step away meanwhile.
            return;
        }
        long now = System.currentTimeMillis();
        String event = switch (step.action()) {
            case CONNECT -> {
                CallObject.connect(call.body(), now);
                yield "call_started";
            }
            case END -> {
                CallObject.end(call.body(), call.ending(), now);
                yield "call_ended";
            }
            case ANALYZE -> {
                CallObject.analyze(call.body(), call.ending().conversation);
                yield "call_analyzed";
            }
        };
        store.update(call);
        tell(call, step.action(), event, now);
    }

    private void tell(CallStore.Call call, Script.Action action, String event, long now) {
        Script.Webhooks manner = call.script().webhooks;
        if (settings.webhookUrl() == null || manner == Script.Webhooks.NEVER) {
            return;
        }
        ObjectNode body = RetellSandbox.JSON.createObjectNode().put("event", event).set("call", call.body());
        int turn = action.ordinal();
        long dueAt = now;
        if (manner == Script.Webhooks.REVERSED) {
            // All of them are held back until the analysis, and go out from there in the opposite order.
            turn = -turn;
            List<Script.Step> steps = call.script().course.steps;
            dueAt += scaled(steps.get(steps.size() - 1).afterMs() - steps.stream()
                    .filter(step -> step.action() == action).findFirst().orElseThrow().afterMs());
        }
        for (int copies = manner == Script.Webhooks.THREE_TIMES ? 3 : 1; copies > 0; copies--) {
            store.addWebhook(call.callId(), turn, dueAt, body);
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
        try {
            thread.join(2 * LAST_TRIES.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
