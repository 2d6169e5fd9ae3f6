package dev.voiceai.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The application in a JVM of its own, as the packaged one runs: it can be killed, and what it prints is kept. */
public final class SystemProcess implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(240);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path output;
    private final int port;
    private final int managementPort;
    private final Process process;

    /**
     * Starts it without waiting.
     *
     * @param folder for its data, and the file {@code output} beside them
     * @param environment environment variables, where secrets belong
     * @param settings further properties, over the fast ones of {@link RunningSystem}
     */
    public SystemProcess(Path folder, Map<String, String> environment, Map<String, String> settings) {
        output = folder.resolve("output");
        try {
            port = freePort();
            managementPort = freePort();
            var all = new HashMap<>(settings);
            all.put("server.port", String.valueOf(port));
            all.put("management.server.port", String.valueOf(managementPort));
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    // What it saves while starting is worth more here than what compiling would bring.
                    "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                    "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    "dev.voiceai.VoiceAiApplication"));
            command.addAll(List.of(RunningSystem.arguments(folder, all)));
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public URI api() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public URI management() {
        return URI.create("http://127.0.0.1:" + managementPort);
    }

    /** Waits until its routes run. */
    public SystemProcess ready() {
        await("start").atMost(STARTS_WITHIN).until(() -> {
            assertThat(process.isAlive()).as(this::output).isTrue();
            return answers();
        });
        return this;
    }

    private boolean answers() throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(api().resolve("/openapi.yaml")).build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** What it has printed so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
