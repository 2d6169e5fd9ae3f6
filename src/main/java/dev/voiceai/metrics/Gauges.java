package dev.voiceai.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gauges out of the rows of a query: each row is one series, whose labels are the row's other columns. A row that is no
 * longer there takes its series along; one that is still there keeps it, so that no scrape comes between two values.
 */
public final class Gauges {

    private final MeterRegistry registry;
    private final Clock clock;
    /** By name and labels. */
    private final Map<String, Map<Tags, Series>> gauges = new ConcurrentHashMap<>();

    /** What a scrape reads of one series. */
    private static final class Series {
        private volatile double value;
        private Gauge gauge;
    }

    Gauges(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /**
     * Sets all series of a gauge.
     *
     * @param name such as {@code voice_ai.outbox.rows}
     * @param value the column that holds the number, or a time, which counts as its age in seconds
     * @param labels the columns that become labels, separated by blanks; they hold states and names, nothing of a person
     * @param rows what the query answered
     */
    public void set(String name, String value, String labels, List<Map<String, Object>> rows) {
        Map<Tags, Series> known = gauges.computeIfAbsent(name, any -> new ConcurrentHashMap<>());
        Map<Tags, Double> values = new HashMap<>();
        rows.forEach(row -> values.put(labels(labels, row), number(row.get(value))));
        known.keySet().stream().filter(tags -> !values.containsKey(tags)).toList()
                .forEach(tags -> registry.remove(known.remove(tags).gauge));
        values.forEach((tags, number) -> {
            Series series = known.computeIfAbsent(tags, any -> new Series());
            series.value = number;
            if (series.gauge == null) {
                series.gauge = Gauge.builder(name, series, one -> one.value).tags(tags).register(registry);
            }
        });
    }

    /** The gauge of one series without labels. */
    public void set(String name, Object value) {
        set(name, "value", "", List.of(Map.of("value", value)));
    }

    private static Tags labels(String names, Map<String, Object> row) {
        return Tags.of(names.isBlank() ? List.of() : Arrays.stream(names.split(" "))
                .map(name -> Tag.of(name, row.get(name) == null ? "" : row.get(name).toString())).toList());
    }

    private double number(Object value) {
        if (value instanceof OffsetDateTime time) {
            return age(time.toInstant());
        }
        if (value instanceof Timestamp time) {
            return age(time.toInstant());
        }
        return value instanceof Number number ? number.doubleValue() : Double.parseDouble(String.valueOf(value));
    }

    private double age(Instant time) {
        return Math.max(0, Duration.between(time, clock.instant()).toMillis() / 1000.0);
    }
}
