package dev.voiceai.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one way JSON is read and written: times as RFC 3339 in UTC with milliseconds, numbers without exponent. */
@Configuration(value = "jsonConfiguration", proxyBeanMethods = false)
public class Json {
    private static final DateTimeFormatter RFC_3339 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** Routes read and write with it ({@code unmarshal: json}), and so does Spring. */
    @Bean("json")
    public static ObjectMapper mapper() {
        var times = new SimpleModule()
                .addSerializer(new TimeSerializer<>(OffsetDateTime.class, OffsetDateTime::toInstant))
                .addSerializer(new TimeSerializer<>(Instant.class, Function.identity()))
                // What PostgreSQL's driver gives for TIMESTAMP WITH TIME ZONE.
                .addSerializer(new TimeSerializer<>(Timestamp.class, Timestamp::toInstant));
        return JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .addModule(times)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                // {"a":1,"a":2} and {"a":1}{"a":2} would be understood differently by different readers.
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private static final class TimeSerializer<T> extends StdSerializer<T> {
        private final transient Function<T, Instant> instant;

        TimeSerializer(Class<T> type, Function<T, Instant> instant) {
            super(type);
            this.instant = instant;
        }

        @Override
        public void serialize(T time, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(RFC_3339.format(instant.apply(time)));
        }
    }
}
