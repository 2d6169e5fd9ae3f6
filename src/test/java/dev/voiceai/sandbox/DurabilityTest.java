package dev.voiceai.sandbox;

import static dev.voiceai.sandbox.RetellClient.newRequestId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was placed goes on after a restart, also after one that nobody had planned. */
class DurabilityTest {
    @TempDir
    private Path dataDir;
    private final WebhookReceiver receiver = new WebhookReceiver();
    private final String requestId = newRequestId();

    @AfterEach
    void stop() {
        receiver.close();
    }

    private SandboxSettings settings() {
        return SandboxSettings.of(dataDir, RetellClient.KEY, receiver::url)
                .withKeys(Set.of(RetellClient.KEY), WebhookReceiver.KEY);
    }

    @Test
    void aCallGoesOnWhereTheSandboxWasStopped() throws IOException {
        try (RetellSandbox before = RetellSandbox.start(settings().withTimeScale(3))) {
            new RetellClient(before.baseUri()).dial(Script.SUCCESS, requestId);
        }
        assertThat(receiver.events(requestId)).isEmpty();
        try (RetellSandbox after = RetellSandbox.start(settings())) {
            await().atMost(Duration.ofSeconds(15)).until(() -> receiver.events(requestId).size() == 3);
            assertThat(receiver.events(requestId)).containsExactly("call_started", "call_ended", "call_analyzed");
            assertThat(new RetellClient(after.baseUri()).find(requestId)).hasSize(1);
        }
    }

    @Test
    void theCountOfTriesOutlivesARestart() throws IOException {
        receiver.answerStatus(webhook -> 500);
        SandboxSettings settings = settings().withTimeScale(0.02);
        try (RetellSandbox before = RetellSandbox.start(settings.withWebhookRetries(
                List.of(Duration.ZERO, Duration.ofHours(1)), Duration.ofSeconds(10)))) {
            new RetellClient(before.baseUri()).dial(Script.BUSY, requestId);
            await().until(() -> receiver.events(requestId).size() == 4);
        }
        // Two tries of each event are behind them, one retry is left but due in an hour: not a second before.
        String later = newRequestId();
        try (RetellSandbox after = RetellSandbox.start(settings.withWebhookRetries(
                List.of(Duration.ZERO, Duration.ZERO), Duration.ofSeconds(10)))) {
            new RetellClient(after.baseUri()).dial(Script.BUSY, later);
            await().until(() -> receiver.events(later).size() == 6);
            assertThat(receiver.events(requestId)).hasSize(4);
        }
    }

    @Test
    void aCleanStopRepeatsNoWebhook() throws IOException {
        try (RetellSandbox before = RetellSandbox.start(settings().withTimeScale(0.02))) {
            new RetellClient(before.baseUri()).dial(Script.SUCCESS, requestId);
            await().until(() -> receiver.events(requestId).size() == 3);
        }
        String later = newRequestId();
        try (RetellSandbox after = RetellSandbox.start(settings().withTimeScale(0.02))) {
            new RetellClient(after.baseUri()).dial(Script.SUCCESS, later);
            await().until(() -> receiver.events(later).size() == 3);
        }
        assertThat(receiver.events(requestId)).hasSize(3);
    }

    @Test
    void anAnsweredCallSurvivesKillMinusNine() throws Exception {
        Path log = dataDir.resolve("first.log");
        Process first = launch(log);
        try {
            RetellClient retell = new RetellClient(listening(log));
            assertThat(retell.dial(Script.SUCCESS, requestId).status()).isEqualTo(201);
            first.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        } finally {
            first.destroyForcibly();
        }
        Path secondLog = dataDir.resolve("second.log");
        Process second = launch(secondLog);
        try {
            RetellClient retell = new RetellClient(listening(secondLog));
            assertThat(retell.find(requestId)).hasSize(1);
            await().atMost(Duration.ofSeconds(20)).until(() -> receiver.events(requestId).contains("call_analyzed"));
            assertThat(receiver.events(requestId)).containsSubsequence("call_started", "call_ended", "call_analyzed");
            assertThat(receiver.of(requestId)).allMatch(WebhookReceiver.Webhook::signed);
        } finally {
            second.destroyForcibly();
        }
    }

    /** A sandbox in a Java machine of its own, started as an integrator would. */
    private Process launch(Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), RetellSandbox.class.getName());
        builder.environment().putAll(Map.of("SANDBOX_PORT", "0", "RETELL_API_KEY", RetellClient.KEY,
                "RETELL_WEBHOOK_KEY", WebhookReceiver.KEY, "SANDBOX_WEBHOOK_URL", receiver.url().toString(),
                "DATA_DIR", dataDir.toString()));
        return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private static URI listening(Path log) {
        Pattern address = Pattern.compile("Retell sandbox: (http://127\\.0\\.0\\.1:\\d+)");
        return await().atMost(Duration.ofSeconds(60)).until(() -> {
            Matcher found = address.matcher(Files.readString(log));
            return found.find() ? URI.create(found.group(1)) : null;
        }, Objects::nonNull);
    }
}
