package dev.voiceai.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.voiceai.forwarder.RetellSignature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers webhooks as Retell does: signed anew for each try, any 2xx is a success, anything else or a time-out is
 * tried again a few times and then given up. Call events belong to the one thread that moves calls on.
 *
 * @see <a href="https://docs.retellai.com/features/webhook-overview">Retell: webhooks</a>
 */
final class WebhookSender {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    private static final int MAX_IN_FLIGHT = 64;

    private final SandboxSettings settings;
    private final CallStore store;
    private final Runnable settled;
    private final HttpClient client;
    private final Set<Long> inFlight = new HashSet<>();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

    /** How a try went: the HTTP status, or what kept one from coming. */
    private record Outcome(CallStore.DueWebhook webhook, Object result) {
    }

    /** @param settled runs after each try: its outcome is to be noted, and the call's next webhook may go */
    WebhookSender(SandboxSettings settings, CallStore store, Runnable settled) {
        this.settings = settings;
        this.store = store;
        this.settled = settled;
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.webhookTimeout()).build();
    }

    /** Whether tries are under way, or ended and not noted. */
    boolean busy() {
        return !inFlight.isEmpty();
    }

    /** Starts the delivery of what is due. */
    void sendDue(long now) {
        URI url = settings.webhookUrl() == null ? null : settings.webhookUrl().get();
        if (url == null) {
            return;
        }
        for (CallStore.DueWebhook webhook : store.dueWebhooks(now, MAX_IN_FLIGHT + inFlight.size())) {
            if (inFlight.size() < MAX_IN_FLIGHT && inFlight.add(webhook.seq())) {
                client.sendAsync(request(url, webhook.body()), BodyHandlers.discarding())
                        .handle((response, failure) -> response == null ? failure.toString() : response.statusCode())
                        .thenAccept(outcome -> {
                            outcomes.add(new Outcome(webhook, outcome));
                            settled.run();
                        });
            }
        }
    }

    /** Notes how the tries went that have ended since; to be called in a transaction. */
    void noteOutcomes() {
        for (Outcome outcome = outcomes.poll(); outcome != null; outcome = outcomes.poll()) {
            CallStore.DueWebhook webhook = outcome.webhook;
            try {
                if (outcome.result instanceof Integer status && status / 100 == 2) {
                    store.delete(webhook);
                } else if (webhook.tries() < settings.webhookRetries().size()) {
                    LOG.info("A webhook of {} was not taken ({}), it will be sent again", webhook.callId(),
                            outcome.result);
                    store.retry(webhook, System.currentTimeMillis()
                            + settings.webhookRetries().get(webhook.tries()).toMillis());
                } else {
                    LOG.warn("A webhook of {} was not taken ({}) and is given up", webhook.callId(), outcome.result);
                    store.delete(webhook);
                }
            } finally {
                // Should noting fail, the webhook is sent once more: at least once is what Retell promises.
                inFlight.remove(webhook.seq());
            }
        }
    }

    /**
     * Asks the inbound webhook what to do with a call; any thread may, and waits. The retries follow at once, since the
     * caller hears it ringing meanwhile.
     *
     * @return the {@code call_inbound} of its answer; empty when no try brought a usable one
     */
    Optional<JsonNode> ask(URI url, JsonNode question) throws IOException, InterruptedException {
        String body = RetellSandbox.JSON.writeValueAsString(question);
        for (int tries = 0; tries <= settings.webhookRetries().size(); tries++) {
            try {
                var response = client.send(request(url, body), BodyHandlers.ofByteArray());
                JsonNode answer = RetellSandbox.JSON.readTree(response.body()).path("call_inbound");
                if (response.statusCode() / 100 == 2 && answer.isObject()) {
                    return Optional.of(answer);
                }
                LOG.info("The inbound webhook gave no usable answer ({})", response.statusCode());
            } catch (IOException e) {
                LOG.info("The inbound webhook gave no usable answer ({})", e.getClass().getSimpleName());
            }
        }
        return Optional.empty();
    }

    private HttpRequest request(URI url, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return HttpRequest.newBuilder(url)
                .timeout(settings.webhookTimeout())
                .header("Content-Type", "application/json")
                .header(RetellSignature.HEADER, RetellSignature.sign(bytes, settings.webhookKey(), Instant.now()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build();
    }
}
