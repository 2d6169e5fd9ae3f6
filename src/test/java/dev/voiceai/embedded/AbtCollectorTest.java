package dev.voiceai.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbtCollectorTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path path;

    @Test
    void eventsAreListedInTheOrderOfTheirArrivalAlsoAfterARestart() throws Exception {
        try (var folder = DataFolder.open(path)) {
            try (var collector = AbtCollector.start(folder)) {
                assertThat(post(collector.uri(), event("one"))).isEqualTo(204);
                assertThat(post(collector.uri(), event("two"))).isEqualTo(204);
            }
            try (var collector = AbtCollector.start(folder)) {
                assertThat(post(collector.uri(), event("three"))).isEqualTo(204);

                assertThat(ids(collector.uri())).containsExactly("one", "two", "three");
            }
        }
    }

    @Test
    void aLineThatAKillHasTornIsLeftOut() throws Exception {
        try (var folder = DataFolder.open(path)) {
            try (var collector = AbtCollector.start(folder)) {
                post(collector.uri(), event("one"));
            }
            Files.writeString(path.resolve("abt-events.jsonl"), "{\"id\":\"tw", StandardOpenOption.APPEND);
            try (var collector = AbtCollector.start(folder)) {
                post(collector.uri(), event("three"));

                assertThat(ids(collector.uri())).containsExactly("one", "three");
            }
        }
    }

    @Test
    void whatIsNoCloudEventIsRefused() throws Exception {
        try (var folder = DataFolder.open(path); var collector = AbtCollector.start(folder)) {
            assertThat(post(collector.uri(), "{\"id\":\"1\"}")).isEqualTo(400);
            assertThat(post(collector.uri(), "{")).isEqualTo(400);
            assertThat(post(collector.uri(), "")).isEqualTo(400);
            assertThat(ids(collector.uri())).isEmpty();
        }
    }

    @Test
    void theLastThousandAreKept() throws Exception {
        var lines = new StringBuilder();
        for (int i = 0; i < 1_500; i++) {
            lines.append(event("e" + i)).append('\n');
        }
        Files.writeString(path.resolve("abt-events.jsonl"), lines);
        try (var folder = DataFolder.open(path); var collector = AbtCollector.start(folder)) {
            post(collector.uri(), event("last"));

            assertThat(ids(collector.uri())).hasSize(1_000).startsWith("e501").endsWith("e1499", "last");
        }
    }

    private static String event(String id) {
        return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/test\",\"type\":\"test\",\"data\":{}}"
                .formatted(id);
    }

    private static int post(URI uri, String body) throws Exception {
        var request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/cloudevents+json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.discarding()).statusCode();
    }

    private static List<String> ids(URI uri) throws Exception {
        var answer = HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        JsonNode items = new ObjectMapper().readTree(answer.body()).get("items");
        return StreamSupport.stream(items.spliterator(), false).map(item -> item.get("id").asText()).toList();
    }
}
