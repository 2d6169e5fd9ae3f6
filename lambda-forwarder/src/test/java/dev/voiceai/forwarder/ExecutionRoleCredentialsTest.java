package dev.voiceai.forwarder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutionRoleCredentialsTest {
    private static final Instant NOW = Instant.parse("2026-09-24T10:30:00Z");

    @Test
    void readsTheEnvironmentAnewEachTime() throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_ACCESS_KEY_ID", "first", "AWS_SECRET_ACCESS_KEY", "secret", "AWS_SESSION_TOKEN", "token"));
        ExecutionRoleCredentials role = new ExecutionRoleCredentials(environment, Clock.systemUTC());
        assertThat(role.get()).isEqualTo(new AwsCredentials("first", "secret", "token"));
        environment.put("AWS_ACCESS_KEY_ID", "second");
        environment.remove("AWS_SESSION_TOKEN");
        assertThat(role.get()).isEqualTo(new AwsCredentials("second", "secret", null));
    }

    @Test
    void namesWhatTheEnvironmentLacks() {
        ExecutionRoleCredentials role = new ExecutionRoleCredentials(Map.of(), Clock.systemUTC());
        assertThatThrownBy(role::get).isInstanceOf(IOException.class).hasMessage("AWS_ACCESS_KEY_ID is not set");
    }

    @Test
    void asksTheContainerEndpointOfASnapStartFunctionUntilShortlyBeforeTheEnd() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext("/credentials", exchange -> {
            boolean allowed = "secret-token".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = ("{\"AccessKeyId\":\"key-" + asked.incrementAndGet() + "\",\"SecretAccessKey\":\"secret\","
                    + "\"Token\":\"token\",\"Expiration\":\"2026-09-24T11:30:00Z\"}").getBytes(UTF_8);
            exchange.sendResponseHeaders(allowed ? 200 : 403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        endpoint.start();
        try {
            AtomicReference<Instant> now = new AtomicReference<>(NOW);
            ExecutionRoleCredentials role = new ExecutionRoleCredentials(
                    Map.of(
                            // The snapshot's own keys are stale.
                            "AWS_ACCESS_KEY_ID", "stale",
                            "AWS_SECRET_ACCESS_KEY", "stale",
                            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                            "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/credentials",
                            "AWS_CONTAINER_AUTHORIZATION_TOKEN", "secret-token"),
                    new Clock() {
                        @Override
                        public Instant instant() {
                            return now.get();
                        }

                        @Override
                        public ZoneOffset getZone() {
                            return ZoneOffset.UTC;
                        }

                        @Override
                        public Clock withZone(ZoneId zone) {
                            return this;
                        }
                    });
            assertThat(role.get()).isEqualTo(new AwsCredentials("key-1", "secret", "token"));
            now.set(NOW.plusSeconds(58 * 60));
            assertThat(role.get().accessKeyId()).isEqualTo("key-1");
            now.set(NOW.plusSeconds(59 * 60));
            assertThat(role.get().accessKeyId()).isEqualTo("key-2");
        } finally {
            endpoint.stop(0);
        }
    }

    @Test
    void aTryThatHangsHoldsUpNoOther() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.setExecutor(threads);
        endpoint.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            if (asked.incrementAndGet() == 1) {
                hangs.countDown();
                try {
                    // A byte now and then keeps the read time-out from firing.
                    while (!over.await(300, TimeUnit.MILLISECONDS)) {
                        exchange.getResponseBody().write(' ');
                        exchange.getResponseBody().flush();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            exchange.getResponseBody().write("{\"AccessKeyId\":\"key\",\"SecretAccessKey\":\"s\"}".getBytes(UTF_8));
            exchange.close();
        });
        endpoint.start();
        try {
            ExecutionRoleCredentials role = at(endpoint);
            threads.submit(role::get);
            assertThat(hangs.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(threads.submit(role::get).get(10, TimeUnit.SECONDS).accessKeyId()).isEqualTo("key");
        } finally {
            over.countDown();
            threads.shutdownNow();
            endpoint.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hush", "{\"SecretAccessKey\":\"a\",hush", "{\"AccessKeyId\":hush", "[]", ""})
    void repeatsNothingOfAnAnswerThatItCannotRead(String answer) throws IOException {
        HttpServer endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(answer.getBytes(UTF_8));
            exchange.close();
        });
        endpoint.start();
        try {
            ExecutionRoleCredentials role = at(endpoint);
            assertThatThrownBy(role::get).isInstanceOf(IOException.class)
                    .hasMessage("the credentials endpoint answered without keys");
        } finally {
            endpoint.stop(0);
        }
    }

    private static ExecutionRoleCredentials at(HttpServer endpoint) {
        String address = "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/";
        return new ExecutionRoleCredentials(
                Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", address), Clock.systemUTC());
    }

    @Test
    void keepsSecretsOutOfText() {
        assertThat(new AwsCredentials("AKIDEXAMPLE", "hush", "hush").toString()).doesNotContain("hush");
    }
}
