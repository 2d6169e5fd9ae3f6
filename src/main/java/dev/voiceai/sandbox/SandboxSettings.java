package dev.voiceai.sandbox;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a sandbox needs to know. {@link #of} gives Retell's published limits and a call of two seconds; the
 * {@code with…} methods change one aspect each.
 *
 * @param port the loopback port to listen on, 0 for any free one
 * @param apiKeys the keys accepted as {@code Authorization: Bearer <key>}
 * @param webhookKey the key that signs webhooks
 * @param webhookUrl where call events go; asked anew for each delivery, and an answer of null holds the event until
 *     there is an address. Null in place of the supplier: no webhooks, as for an account without a webhook URL
 * @param inboundUrl where {@code call_inbound} goes, null for nowhere: then every inbound call is let through
 * @param dataDir the folder of the database file {@code retell-sandbox.mv.db}; made when missing
 * @param concurrency calls registered or ongoing at one time; Retell's default is 20
 * @param callsPerSecond calls that may be placed within any one second. Retell's default is 1; the sandbox is generous
 * @param timeScale factor on the durations of the scripts: 1 rings for 0.5 s, talks for 1 s and analyses for 0.5 s
 * @param webhookRetries the pause before each retry of a webhook, hence also their number; Retell retries up to 3 times
 *     and does not publish the spacing
 * @param webhookTimeout how long a webhook receiver may take; Retell's default is 10 s
 * @param fromNumbers the numbers a call may come from, empty for any
 * @param agentIds the agents a call may name, empty for any
 * @see <a href="https://docs.retellai.com/features/webhook-overview">Retell: webhooks</a>
 * @see <a href="https://docs.retellai.com/deploy/concurrency">Retell: concurrency</a>
 */
public record SandboxSettings(int port, Set<String> apiKeys, String webhookKey, Supplier<URI> webhookUrl,
        Supplier<URI> inboundUrl, Path dataDir, int concurrency, int callsPerSecond, double timeScale,
        List<Duration> webhookRetries, Duration webhookTimeout, Set<String> fromNumbers, Set<String> agentIds) {

    static final int CONCURRENCY = 20;
    static final int CALLS_PER_SECOND = 100;

    public SandboxSettings {
        apiKeys = Set.copyOf(apiKeys);
        webhookRetries = List.copyOf(webhookRetries);
        fromNumbers = Set.copyOf(fromNumbers);
        agentIds = Set.copyOf(agentIds);
        if (apiKeys.isEmpty() || apiKeys.stream().anyMatch(String::isBlank) || webhookKey.isBlank()) {
            throw new IllegalArgumentException("The sandbox needs an API key and a webhook key");
        }
        if (concurrency < 1 || callsPerSecond < 1 || !(timeScale >= 0)) {
            throw new IllegalArgumentException("The sandbox's limits must be positive");
        }
    }

    /** Any free port, one key for the API and the webhooks, any number and agent, no inbound webhook. */
    public static SandboxSettings of(Path dataDir, String apiKey, Supplier<URI> webhookUrl) {
        return new SandboxSettings(0, Set.of(apiKey), apiKey, webhookUrl, null, dataDir, CONCURRENCY, CALLS_PER_SECOND,
                1, List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(20)),
                Duration.ofSeconds(10), Set.of(), Set.of());
    }

    public SandboxSettings withPort(int newPort) {
        return new SandboxSettings(newPort, apiKeys, webhookKey, webhookUrl, inboundUrl, dataDir, concurrency,
                callsPerSecond, timeScale, webhookRetries, webhookTimeout, fromNumbers, agentIds);
    }

    public SandboxSettings withKeys(Set<String> newApiKeys, String newWebhookKey) {
        return new SandboxSettings(port, newApiKeys, newWebhookKey, webhookUrl, inboundUrl, dataDir, concurrency,
                callsPerSecond, timeScale, webhookRetries, webhookTimeout, fromNumbers, agentIds);
    }

    public SandboxSettings withInboundUrl(Supplier<URI> newInboundUrl) {
        return new SandboxSettings(port, apiKeys, webhookKey, webhookUrl, newInboundUrl, dataDir, concurrency,
                callsPerSecond, timeScale, webhookRetries, webhookTimeout, fromNumbers, agentIds);
    }

    public SandboxSettings withLimits(int newConcurrency, int newCallsPerSecond) {
        return new SandboxSettings(port, apiKeys, webhookKey, webhookUrl, inboundUrl, dataDir, newConcurrency,
                newCallsPerSecond, timeScale, webhookRetries, webhookTimeout, fromNumbers, agentIds);
    }

    public SandboxSettings withTimeScale(double newTimeScale) {
        return new SandboxSettings(port, apiKeys, webhookKey, webhookUrl, inboundUrl, dataDir, concurrency,
                callsPerSecond, newTimeScale, webhookRetries, webhookTimeout, fromNumbers, agentIds);
    }

    public SandboxSettings withWebhookRetries(List<Duration> newRetries, Duration newTimeout) {
        return new SandboxSettings(port, apiKeys, webhookKey, webhookUrl, inboundUrl, dataDir, concurrency,
                callsPerSecond, timeScale, newRetries, newTimeout, fromNumbers, agentIds);
    }

    public SandboxSettings withKnown(Set<String> newFromNumbers, Set<String> newAgentIds) {
        return new SandboxSettings(port, apiKeys, webhookKey, webhookUrl, inboundUrl, dataDir, concurrency,
                callsPerSecond, timeScale, webhookRetries, webhookTimeout, newFromNumbers, newAgentIds);
    }
}
