package dev.voiceai.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.voiceai.ledger.LedgerClock;
import dev.voiceai.settings.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/** The rules as application.yaml sets them. */
class CallsConfigurationTest {

    private static final String PARIS = "+33142685300";

    @Test
    void application_yaml_hasTheWindowsOfFrance() {
        start(new FileSystemResource("application.yaml"), context -> {
            var windows = context.getBean(CallingWindows.class);
            // 2026-11-22 is a Sunday, 2026-11-11 a Wednesday.
            assertThat(windows.decide(PARIS, null, at("2026-11-22T12:00:00Z")).rule())
                    .isEqualTo("calling.countries.FR mon-fri 10:00-13:00 14:00-20:00");
            assertThat(windows.decide(PARIS, null, at("2026-11-11T12:30:00Z")).until())
                    .isEqualTo(at("2026-11-12T09:00:00Z"));
            assertThat(windows.decide(PARIS, null, at("2026-11-11T14:00:00Z")).rule()).isEqualTo("calling.closed-dates.FR");
        });
    }

    @Test
    void aListWithoutRowsIsAnEmptyOne() {
        start(yaml("calling: {countries: , closed-dates: }"), context -> assertThat(context.getBean(CallingWindows.class)
                .decide(PARIS, null, at("2026-11-22T12:00:00Z")).open()).isTrue());
    }

    @Test
    void aRowThatIsWrongIsNamed() {
        start(yaml("calling.countries: {FR: mon-fri}"), context -> assertThat(context).getFailure().rootCause()
                .isInstanceOf(StartFailure.class).hasMessageContaining("calling.countries.FR"));
        start(yaml("calling.countries: {NO: 08:00-20:00}"), context -> assertThat(context).getFailure().rootCause()
                .isInstanceOf(StartFailure.class).hasMessageContaining("calling.countries.false"));
        start(yaml("calling.closed-dates: {FR: 13-01}"), context -> assertThat(context).getFailure()
                .hasStackTraceContaining("StartFailure: The closed dates of calling.closed-dates.FR"));
    }

    @Test
    void aRowOfAnotherShapeIsNamed() {
        for (String text : new String[] {"{FR: [01-01, 12-25]}", "{FR: {every: 01-01}}", "01-01", "[01-01]"}) {
            start(yaml("calling.closed-dates: " + text), context -> assertThat(context).getFailure().rootCause()
                    .isInstanceOf(StartFailure.class).hasMessageContaining("calling.closed-dates"));
        }
    }

    @Test
    void aVariableOverridesARow() {
        start(yaml("calling.countries: {FR: 11:00-12:00}"), Map.of("CALLING_COUNTRIES_FR", "09:00-10:00"),
                context -> assertThat(context.getBean(CallingWindows.class)
                        .decide(PARIS, null, at("2026-11-23T12:00:00Z")).rule())
                        .isEqualTo("calling.countries.FR 09:00-10:00"));
    }

    @Test
    void aDateThatYamlMightReadAsATimeIsADate() {
        start(yaml("calling.closed-dates: {FR: 2026-11-23}"), context -> assertThat(context.getBean(CallingWindows.class)
                .decide(PARIS, null, at("2026-11-23T12:00:00Z")).rule()).isEqualTo("calling.closed-dates.FR"));
    }

    private static void start(Resource yaml, Consumer<AssertableApplicationContext> check) {
        start(yaml, Map.of(), check);
    }

    private static void start(
            Resource yaml, Map<String, Object> variables, Consumer<AssertableApplicationContext> check) {
        new ApplicationContextRunner()
                .withInitializer(context -> {
                    var sources = context.getEnvironment().getPropertySources();
                    var name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
                    sources.replace(name, new SystemEnvironmentPropertySource(name, variables));
                    try {
                        new YamlPropertySourceLoader().load("yaml", yaml).forEach(sources::addLast);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .withBean(LedgerClock.class, Clock.systemUTC())
                .withUserConfiguration(CallsConfiguration.class)
                .withPropertyValues("calling.windows=08:00-20:00")
                .run(context -> check.accept(context));
    }

    private static Resource yaml(String text) {
        return new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8));
    }

    private static OffsetDateTime at(String time) {
        return OffsetDateTime.parse(time);
    }
}
