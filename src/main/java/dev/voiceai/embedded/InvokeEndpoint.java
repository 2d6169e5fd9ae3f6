package dev.voiceai.embedded;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * AWS Lambda's Invoke operation for one function that runs in this process.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html">AWS: Invoke</a>
 */
final class InvokeEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InvokeEndpoint.class);
    private static final Pattern PATH = Pattern.compile("/2015-03-31/functions/([^/]+)/invocations");
    private static final byte[] HANDLER_FAILED = "{\"errorMessage\":\"the handler failed\",\"errorType\":\"Unhandled\"}"
            .getBytes(StandardCharsets.UTF_8);

    private static final byte[] NOT_FOUND =
            "{\"Message\":\"Function not found\",\"Type\":\"User\"}".getBytes(StandardCharsets.UTF_8);

    private final String function;
    private final RequestStreamHandler handler;
    private final LoopbackServer server;

    private InvokeEndpoint(String function, RequestStreamHandler handler) {
        this.function = function;
        this.handler = handler;
        this.server = LoopbackServer.start("lambda-invoke", this::handle);
    }

    static InvokeEndpoint start(String function, RequestStreamHandler handler) {
        return new InvokeEndpoint(function, handler);
    }

    URI uri() {
        return server.uri();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = PATH.matcher(exchange.getRequestURI().getPath());
            if (!exchange.getRequestMethod().equals("POST") || !path.matches() || !path.group(1).equals(function)) {
                exchange.getResponseHeaders().set("x-amzn-ErrorType", "ResourceNotFoundException");
                answer(exchange, 404, NOT_FOUND);
                return;
            }
            var output = new ByteArrayOutputStream();
            try {
                handler.handleRequest(exchange.getRequestBody(), output, null);
            } catch (IOException | RuntimeException e) {
                // As at AWS: the invocation itself succeeds and its answer says that the function did not.
                LOG.warn("the function {} failed ({})", function, e.getClass().getSimpleName());
                exchange.getResponseHeaders().set("X-Amz-Function-Error", "Unhandled");
                answer(exchange, 200, HANDLER_FAILED);
                return;
            }
            exchange.getResponseHeaders().set("X-Amz-Executed-Version", "$LATEST");
            answer(exchange, 200, output.toByteArray());
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.close();
    }
}
