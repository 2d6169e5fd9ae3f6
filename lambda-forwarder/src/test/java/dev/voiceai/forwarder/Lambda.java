package dev.voiceai.forwarder;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Invokes the handler as a Function URL does, and keeps what it logs. */
final class Lambda {
    static final ObjectMapper MAPPER = new ObjectMapper();

    final List<String> log = new ArrayList<>();
    private final ForwarderHandler handler;

    Lambda(ForwarderHandler handler) {
        this.handler = handler;
    }

    static ObjectNode post(byte[] body, Map<String, String> headers) {
        ObjectNode event = MAPPER.createObjectNode();
        event.put("version", "2.0").put("routeKey", "$default").put("rawPath", "/").put("rawQueryString", "");
        event.set("headers", MAPPER.valueToTree(headers));
        event.putObject("requestContext")
                .put("accountId", "anonymous")
                .putObject("http")
                .put("method", "POST")
                .put("path", "/")
                .put("sourceIp", "100.20.5.228");
        event.put("body", new String(body, StandardCharsets.UTF_8));
        event.put("isBase64Encoded", false);
        return event;
    }

    static ObjectNode postBase64(byte[] body, Map<String, String> headers) {
        return post(new byte[0], headers)
                .put("body", Base64.getEncoder().encodeToString(body))
                .put("isBase64Encoded", true);
    }

    JsonNode invoke(JsonNode event) throws IOException {
        return invoke(MAPPER.writeValueAsBytes(event));
    }

    JsonNode invoke(byte[] event) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handleRequest(new ByteArrayInputStream(event), answer, context());
        return MAPPER.readTree(answer.toByteArray());
    }

    private Context context() {
        LambdaLogger logger = new LambdaLogger() {
            @Override
            public void log(String line) {
                log.add(line);
            }

            @Override
            public void log(byte[] line) {
                log.add(new String(line, StandardCharsets.UTF_8));
            }
        };
        return (Context) Proxy.newProxyInstance(
                Lambda.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (proxy, method, arguments) -> method.getName().equals("getLogger") ? logger : null);
    }
}
