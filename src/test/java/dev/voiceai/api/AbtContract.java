package dev.voiceai.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a collector may rely on. */
final class AbtContract {
    private static final JsonSchema SCHEMA = read();

    private AbtContract() {}

    /** The request is a CloudEvent in structured mode that fits {@code routes/schemas/abt-event.json}. */
    static void assertFits(Stub.Request request) {
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.header("Content-type")).isEqualTo("application/cloudevents+json");
        assertThat(SCHEMA.validate(request.json())).as(request.text()).isEmpty();
        assertThat(request.json().path("dataschema").asText())
                .isEqualTo("urn:voice-ai:event:" + request.json().path("type").asText() + "/1");
    }

    private static JsonSchema read() {
        try {
            return JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(
                    Files.readString(Path.of("routes/schemas/abt-event.json")),
                    SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
