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
    void applicationYamlHasTheWindowsOfFrance() {
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

    @Test
    void applicationYamlHasTheRetryPolicy() {
        start(new FileSystemResource("application.yaml"), context -> {
            var policy = context.getBean("retryPolicy", RetryPolicy.class);
            var now = at("2026-11-23T12:00:00Z");
            assertThat(policy.plan("rate_limited", 7, now, null, PARIS, null))
                    .isEqualTo(new RetryPolicy.Plan(true, now.plusMinutes(5), "rate_limited"));
            assertThat(policy.plan("own_number_or_agent_unknown", 99, now, null, PARIS, null).at())
                    .isEqualTo(now.plusSeconds(5));
            for (var rang : new String[] {"dial_no_answer", "dial_busy", "voicemail_reached", "user_declined", "dial_failed",
                "telephony_provider_unavailable", "error_retell", "unknown"}) {
                assertThat(policy.plan(rang, 1, now, null, PARIS, null)).isEqualTo(new RetryPolicy.Plan(false, null, rang));
            }
        });
    }

    @Test
    void aRowOfThePolicyIsChangedFieldByField() {
        var now = at("2026-11-23T12:00:00Z");
        start(yaml("policy: {dial_no_answer: {attempts: 1, delays: PT2H}}"),
                Map.of("POLICY_DIAL_NO_ANSWER_ATTEMPTS", "2", "POLICY_SERVICE_HOST", "somebody else's"),
                context -> assertThat(context.getBean(RetryPolicy.class).plan("dial_no_answer", 1, now, null, PARIS, null))
                        .isEqualTo(new RetryPolicy.Plan(true, now.plusHours(2), "dial_no_answer")));
        start(yaml("policy: {voicemail_reached: {attempts: 2, delays: PT4H, next-day: true}}"), context ->
                assertThat(context.getBean(RetryPolicy.class).plan("voicemail_reached", 1, now, null, PARIS, null).at())
                        .isEqualTo(at("2026-11-24T07:00:00Z")));
        start(yaml("policy: "), context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aFieldThatThePolicyDoesNotHaveIsNamed() {
        start(yaml("policy: {dial_busy: {attempts: 2, delay: PT1M}}"), context -> assertThat(context).getFailure().rootCause()
                .isInstanceOf(StartFailure.class).hasMessageContaining("policy.dial_busy.delay "));
        start(yaml("policy: {dial_busy: 2}"), context -> assertThat(context).getFailure().rootCause()
                .isInstanceOf(StartFailure.class).hasMessageContaining("policy.dial_busy "));
        start(yaml("policy: {dial_busy: {attempts: 0}}"), context -> assertThat(context).getFailure().rootCause()
                .isInstanceOf(StartFailure.class).hasMessageContaining("policy.dial_busy "));
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
