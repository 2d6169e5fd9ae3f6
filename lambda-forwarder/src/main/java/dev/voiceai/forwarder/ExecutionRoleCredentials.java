package dev.voiceai.forwarder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The credentials of the function's role, read anew for each message since they expire. A plain function has them in
 * its environment; one started from a SnapStart snapshot asks the local endpoint that
 * {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} names, because the environment is as old as the snapshot.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html#snapstart-credentials">AWS Lambda:
 *     SnapStart and credentials</a>
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">AWS: container
 *     credential provider</a>
 */
final class ExecutionRoleCredentials {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    /** AWS has the next credentials ready this long before the old ones end. */
    private static final Duration REFRESH_BEFORE_END = Duration.ofMinutes(1);

    private final Map<String, String> environment;
    private final Clock clock;
    /** No lock around asking for them: one try that hangs would hold up the next. */
    private volatile Kept kept = new Kept(null, Instant.MIN);

    private record Kept(AwsCredentials credentials, Instant until) { }

    ExecutionRoleCredentials(Map<String, String> environment, Clock clock) {
        this.environment = environment;
        this.clock = clock;
    }

    /** The credentials to sign with now. */
    AwsCredentials get() throws IOException {
        String endpoint = environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        if (endpoint == null) {
            return new AwsCredentials(
                    required("AWS_ACCESS_KEY_ID"),
                    required("AWS_SECRET_ACCESS_KEY"),
                    environment.get("AWS_SESSION_TOKEN"));
        }
        Kept now = kept;
        if (!clock.instant().isBefore(now.until)) {
            now = fetch(URI.create(endpoint));
            kept = now;
        }
        return now.credentials;
    }

    private Kept fetch(URI endpoint) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
        connection.setConnectTimeout((int) TIMEOUT.toMillis());
        connection.setReadTimeout((int) TIMEOUT.toMillis());
        String token = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        if (token != null) {
            connection.setRequestProperty("Authorization", token);
        }
        Map<String, String> answer = new HashMap<>();
        try (InputStream body = connection.getInputStream(); JsonParser json = JSON.createParser(body)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING) {
                    answer.put(json.currentName(), json.getText());
                }
            }
        } catch (JsonProcessingException e) {
            // Its text repeats what could not be read, which may be a secret.
            answer.clear();
        }
        if (answer.get("AccessKeyId") == null || answer.get("SecretAccessKey") == null) {
            throw new IOException("the credentials endpoint answered without keys");
        }
        AwsCredentials credentials = new AwsCredentials(
                answer.get("AccessKeyId"), answer.get("SecretAccessKey"), answer.get("Token"));
        String expiration = answer.get("Expiration");
        return new Kept(
                credentials,
                expiration == null ? Instant.MIN : Instant.parse(expiration).minus(REFRESH_BEFORE_END));
    }

    private String required(String name) throws IOException {
        String value = environment.get(name);
        if (value == null) {
            throw new IOException(name + " is not set");
        }
        return value;
    }
}
