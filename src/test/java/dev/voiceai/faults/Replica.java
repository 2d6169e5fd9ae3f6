package dev.voiceai.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged application in a process of its own, at one address through all its deaths. */
final class Replica implements AutoCloseable {
    static final Path JAR = Path.of("target/voice-ai/voice-ai.jar");

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(120);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(120);
    /** Classes as the first process that ended by itself had loaded them: later ones start in half the time. */
    private static Path classes;

    private final Path folder;
    private final Map<String, String> settings;
    private final List<String> options;
    private final int port = freePort();
    private Process process;
    private int starts;

    /** One that is killed soon: what it saves while starting is worth more than what compiling would bring. */
    Replica(Path folder, Map<String, String> settings) {
        this(folder, settings, List.of("-Xmx384m", "-XX:TieredStopAtLevel=1"));
    }

    /** @param settings properties of application.yaml */
    Replica(Path folder, Map<String, String> settings, List<String> options) {
        this.folder = folder;
        this.settings = settings;
        this.options = options;
    }

    int port() {
        return port;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    Path dataFolder() {
        return folder.resolve("data");
    }

    synchronized void start() {
        try {
            Files.createDirectories(folder);
            var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            command.addAll(options);
            command.addAll(List.of("-XX:+UseSerialGC", "-Xlog:disable", sharedClasses()));
            command.addAll(List.of("-jar", JAR.toString()));
            settings.forEach((name, value) -> command.add("--" + name + "=" + value));
            command.addAll(List.of(
                    "--server.port=" + port, "--server.address=127.0.0.1", "--management.server.port=0",
                    "--management.server.address=127.0.0.1", "--data.dir=" + dataFolder()));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                    .start();
            starts++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized String sharedClasses() throws IOException {
        if (classes == null) {
            classes = Files.createTempDirectory("voice-ai-classes-").resolve("classes.jsa");
            classes.toFile().getParentFile().deleteOnExit();
            classes.toFile().deleteOnExit();
            return "-XX:ArchiveClassesAtExit=" + classes;
        }
        return Files.exists(classes) ? "-XX:SharedArchiveFile=" + classes : "-Xshare:auto";
    }

    void awaitReady() {
        await("start of " + folder).atMost(STARTS_WITHIN).pollInterval(Duration.ofMillis(50)).until(() -> {
            assertThat(process.isAlive()).as(() -> "the process has ended: " + log()).isTrue();
            return Api.answers(uri());
        });
    }

    /** SIGKILL. */
    synchronized void kill() {
        process.destroyForcibly();
        waitFor(STOPS_WITHIN);
    }

    /** SIGTERM; the process has to end by itself. */
    synchronized void stop() {
        process.destroy();
        assertThat(waitFor(STOPS_WITHIN)).as(() -> "ends within " + STOPS_WITHIN + ": " + log()).isTrue();
    }

    private boolean waitFor(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The end of what the process has printed. */
    String log() {
        try {
            var lines = Files.readAllLines(folder.resolve("log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }
}
