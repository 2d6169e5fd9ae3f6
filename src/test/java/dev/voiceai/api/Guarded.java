package dev.voiceai.api;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.http.IdentityProvider;
import dev.voiceai.system.RunningSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A system as a careful operator sets it up: hashed keys, more of them in a file, an identity provider, and rates so
 * low that a test reaches them. Every test class of this package shares it; each test has callers of its own.
 */
final class Guarded {
    /** Requests that one caller, or one address without a valid key, may send at once. */
    static final int BURST = 50;

    private static final String FIRST_KEYS = "engage file:key-of-the-file\n";
    private static Guarded shared;

    final IdentityProvider provider = new IdentityProvider();
    /** Asked before each dial, so it gets a request while the API's own is under way. */
    final Stub eligibility = new Stub();
    final RunningSystem system;
    final Client client;

    private final Path folder;
    private int versions;

    static synchronized Guarded shared() {
        if (shared == null) {
            shared = new Guarded();
        }
        return shared;
    }

    private Guarded() {
        try {
            folder = Files.createTempDirectory("voice-ai-keys-");
            writeKeys(FIRST_KEYS);
            Files.createSymbolicLink(folder.resolve("api-keys"), Path.of("..data/api-keys"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        eligibility.answer(request -> new Stub.Answer(200, "{\"eligible\": true}"));
        system = RunningSystem.start(Map.ofEntries(
                Map.entry("sqs.endpoint", RunningSystem.shared().setting("sqs.endpoint")),
                Map.entry("queues.call-requests", "guarded-requests"),
                Map.entry("queues.call-events", "guarded-events"),
                Map.entry("eligibility.url", eligibility.url() + "/may-we-call"),
                Map.entry("api-keys.engage", hashed("crm", "first-key") + "," + hashed("shop", "second-key")),
                Map.entry("api-keys.business", "desk:key-of-the-desk"),
                Map.entry("api-keys.operator", "ops:key-of-ops"),
                Map.entry("api-keys.file", folder.resolve("api-keys").toString()),
                Map.entry("oauth2.issuer", provider.issuer()),
                Map.entry("oauth2.audience", IdentityProvider.AUDIENCE),
                Map.entry("rate-limit.per-caller", "10"),
                Map.entry("rate-limit.unknown", "1"),
                Map.entry("rate-limit.burst", String.valueOf(BURST))));
        client = new Client(system);
    }

    private static String hashed(String name, String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes());
            return name + ":sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds lines to the keys that the file had at first. */
    void addKeys(String lines) {
        writeKeys(FIRST_KEYS + lines);
    }

    /** As Kubernetes replaces a mounted Secret: a new folder behind the same links, and no younger file. */
    private void writeKeys(String lines) {
        try {
            var version = Files.createDirectory(folder.resolve("version-" + versions++));
            var file = Files.writeString(version.resolve("api-keys"), lines);
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));
            var link = Files.createSymbolicLink(folder.resolve("..next"), version.getFileName());
            Files.move(link, folder.resolve("..data"), ATOMIC_MOVE, REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> get(String path, Map<String, String> headers) {
        return client.send("GET", path, headers, BodyPublishers.noBody());
    }

    HttpResponse<String> post(String path, Map<String, String> headers, String body) {
        var all = new HashMap<>(headers);
        all.put("Content-Type", "application/json");
        return client.send("POST", path, all, BodyPublishers.ofString(body));
    }

    /** The first answer with status 429, after {@link #BURST} others at least. */
    HttpResponse<String> untilRefused(IntFunction<HttpResponse<String>> request) {
        for (int i = 0; i < 20 * BURST; i++) {
            var answer = request.apply(i);
            if (answer.statusCode() == 429) {
                assertThat(i).isGreaterThanOrEqualTo(BURST);
                return answer;
            }
        }
        throw new AssertionError("there is no limit");
    }

    /** Lists calls, which every role may. */
    HttpResponse<String> listWithKey(String key) {
        return get("/api/v1/calls?limit=1", Map.of("X-API-Key", key));
    }
}
