package dev.voiceai.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The handler as AWS runs it: started by the Lambda runtime interface client in a Java of its own, set up by its
 * environment alone, against a small stand-in for the Runtime API.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">AWS Lambda: Runtime API</a>
 */
class LambdaRuntimeTest {
    private static final String KEY = "key_current";
    private static final String INVOCATION = "/2018-06-01/runtime/invocation/";

    private final BlockingQueue<byte[]> invocations = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> error = new CompletableFuture<>();
    private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private FakeSqs sqs;
    private HttpServer runtimeApi;
    private Process runtime;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        sqs = new FakeSqs();
        runtimeApi = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        runtimeApi.setExecutor(threads);
        runtimeApi.createContext("/", this::serve);
        runtimeApi.start();
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                "dev.voiceai.forwarder.ForwarderHandler::handleRequest");
        java.environment().clear();
        java.environment().putAll(sqs.environment());
        java.environment().putAll(Map.of(
                "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + runtimeApi.getAddress().getPort(),
                "AWS_ENDPOINT_URL_SQS", sqs.endpoint().toString(),
                "RETELL_WEBHOOK_KEY", "key_next, " + KEY));
        java.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
        runtime = java.start();
    }

    @AfterEach
    void stop() {
        runtime.destroyForcibly();
        threads.shutdownNow();
        runtimeApi.stop(0);
        sqs.close();
    }

    @Test
    void forwardsAndRefusesUnderTheRealRuntime() throws Exception {
        byte[] body = Samples.read("call_analyzed.success.json");
        String signature = RetellSignature.sign(body, KEY, Clock.systemUTC().instant());

        JsonNode accepted = invoke(Lambda.post(body, Map.of(RetellSignature.HEADER, signature)));
        JsonNode refused = invoke(Lambda.post(body, Map.of(RetellSignature.HEADER, signature + "0")));

        assertThat(accepted.get("statusCode").asInt()).isEqualTo(204);
        assertThat(refused.get("statusCode").asInt()).isEqualTo(401);
        assertThat(sqs.sent).hasSize(1);
        assertThat(Lambda.MAPPER.readTree(sqs.sent.get(0).get("MessageBody").asText()).get("event").asText())
                .isEqualTo("call_analyzed");
        assertThat(folder.resolve("log")).content()
                .contains("queued: event=call_analyzed")
                .contains("refused: no valid signature")
                .doesNotContain("+1415");
        assertThat(error).isNotDone();
    }

    private JsonNode invoke(JsonNode event) throws Exception {
        invocations.add(Lambda.MAPPER.writeValueAsBytes(event));
        byte[] answer = answers.poll(30, TimeUnit.SECONDS);
        assertThat(answer)
                .as("answer; error: %s; log: %s", error.getNow("none"), Files.readString(folder.resolve("log")))
                .isNotNull();
        return Lambda.MAPPER.readTree(answer);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals(INVOCATION + "next")) {
                byte[] event = invocations.take();
                // The client's native part ends the Java process when an answer has no content type.
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "request-1");
                exchange.getResponseHeaders().set("Lambda-Runtime-Deadline-Ms", "4102444800000");
                exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:::forwarder");
                exchange.sendResponseHeaders(200, event.length);
                exchange.getResponseBody().write(event);
                return;
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (path.endsWith("/response")) {
                answers.add(body);
            } else {
                error.complete(path);
            }
            exchange.sendResponseHeaders(202, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
