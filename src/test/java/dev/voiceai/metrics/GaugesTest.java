package dev.voiceai.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GaugesTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Meter.Id> removed = new ArrayList<>();
    private final Gauges gauges = new Gauges(registry, Clock.fixed(NOW, ZoneOffset.UTC));

    /** A scrape in between would find no series, and an alert would begin to wait anew. */
    @Test
    void aSeriesThatGetsAnotherValueIsNeverGone() {
        registry.config().onMeterRemoved(meter -> removed.add(meter.getId()));

        gauges.set("rows", "waiting", "sink", List.of(Map.of("sink", "abt", "waiting", 1), Map.of("sink", "crm", "waiting", 2)));
        gauges.set("rows", "waiting", "sink", List.of(Map.of("sink", "abt", "waiting", 3), Map.of("sink", "crm", "waiting", 4)));

        assertThat(removed).isEmpty();
        assertThat(registry.get("rows").tag("sink", "abt").gauge().value()).isEqualTo(3);
        assertThat(registry.get("rows").tag("sink", "crm").gauge().value()).isEqualTo(4);
    }

    @Test
    void aRowThatIsGoneTakesItsSeriesAlongAndMayComeBack() {
        gauges.set("rows", "waiting", "sink", List.of(Map.of("sink", "abt", "waiting", 1)));
        gauges.set("rows", "waiting", "sink", List.of());
        assertThat(registry.find("rows").gauges()).isEmpty();

        gauges.set("rows", "waiting", "sink", List.of(Map.of("sink", "abt", "waiting", 5)));
        assertThat(registry.get("rows").tag("sink", "abt").gauge().value()).isEqualTo(5);
    }

    @Test
    void aTimeCountsAsItsAge() {
        gauges.set("oldest", "since", "", List.of(Map.of("since", OffsetDateTime.ofInstant(NOW.minusMillis(1_500), ZoneOffset.UTC))));
        gauges.set("limit", 20);

        assertThat(registry.get("oldest").gauge().value()).isEqualTo(1.5);
        assertThat(registry.get("limit").gauge().value()).isEqualTo(20);
    }
}
