package dev.voiceai.forwarder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What the forwarder reads of a Function URL event, payload format 2.0.
 *
 * @param method the HTTP method, or null
 * @param signature the whole signature header, or null; several of them joined by commas, as Lambda does
 * @param traceparent the W3C trace context header, or null
 * @param body the raw bytes that Retell sent, or null when the event's base64 is broken
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html">AWS Lambda: Function URLs</a>
 */
record FunctionUrlRequest(String method, String signature, String traceparent, byte[] body) {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads the event, and no further than its end.
     *
     * @throws com.fasterxml.jackson.core.exc.StreamConstraintsException when the body has more than 20 million
     *     characters
     * @throws IOException when the event is not a JSON object
     */
    static FunctionUrlRequest read(InputStream event) throws IOException {
        String method = null;
        List<String> signatures = new ArrayList<>();
        String traceparent = null;
        String body = "";
        boolean base64 = false;
        try (JsonParser json = JSON.createParser(event)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals("body") && value == JsonToken.VALUE_STRING) {
                    body = json.getText();
                } else if (name.equals("isBase64Encoded")) {
                    base64 = value == JsonToken.VALUE_TRUE;
                } else if (name.equals("requestContext") && value == JsonToken.START_OBJECT) {
                    method = method(json);
                } else if (name.equals("headers") && value == JsonToken.START_OBJECT) {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String header = json.currentName();
                        String text = json.nextToken().isScalarValue() ? json.getText() : null;
                        json.skipChildren();
                        if (header.equalsIgnoreCase(RetellSignature.HEADER) && text != null) {
                            signatures.add(text);
                        } else if (header.equalsIgnoreCase("traceparent")) {
                            traceparent = text;
                        }
                    }
                } else {
                    json.skipChildren();
                }
            }
        }
        String signature = signatures.isEmpty() ? null : String.join(",", signatures);
        return new FunctionUrlRequest(method, signature, traceparent, bytes(body, base64));
    }

    private static String method(JsonParser json) throws IOException {
        String method = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean http = json.currentName().equals("http");
            if (json.nextToken() == JsonToken.START_OBJECT && http) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    boolean named = json.currentName().equals("method");
                    if (json.nextToken() == JsonToken.VALUE_STRING && named) {
                        method = json.getText();
                    }
                    json.skipChildren();
                }
            } else {
                json.skipChildren();
            }
        }
        return method;
    }

    private static byte[] bytes(String body, boolean base64) {
        if (!base64) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
