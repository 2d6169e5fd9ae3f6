package dev.voiceai.calls;

import dev.voiceai.ledger.LedgerClock;
import dev.voiceai.settings.SettingRows;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.spi.ThreadPoolProfile;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The rules as beans, by the names that the routes use. */
@Configuration(proxyBeanMethods = false)
class CallsConfiguration {

    @Bean
    PhoneNumbers phoneNumbers() {
        return new PhoneNumbers();
    }

    @Bean
    AgentPairs agentPairs(PhoneNumbers phoneNumbers, Environment environment) {
        return AgentPairs.of(environment, phoneNumbers);
    }

    @Bean
    CallRules callRules(PhoneNumbers phoneNumbers, AgentPairs agentPairs, LedgerClock clock) {
        return new CallRules(phoneNumbers, agentPairs, clock::now);
    }

    @Bean
    BatchAnswers batchAnswers() {
        return new BatchAnswers();
    }

    /** As many items of batches as are written at once; each holds a connection to the ledger that others wait for. */
    @Bean
    ThreadPoolProfile batchWorkers() {
        return new ThreadPoolProfileBuilder("batch-workers").poolSize(4).maxPoolSize(4).maxQueueSize(-1).build();
    }

    @Bean
    TaskRules taskRules(PhoneNumbers phoneNumbers, CallingWindows callingWindows, LedgerClock clock) {
        return new TaskRules(phoneNumbers, callingWindows, clock::now);
    }

    @Bean
    DoNotCallRules doNotCallRules(PhoneNumbers phoneNumbers, LedgerClock clock) {
        return new DoNotCallRules(phoneNumbers, clock::now);
    }

    @Bean
    CallingWindows callingWindows(PhoneNumbers phoneNumbers, Environment environment) {
        var rows = new SettingRows(environment);
        return new CallingWindows(
                phoneNumbers,
                environment.getRequiredProperty("calling.windows"),
                rows.read("calling.countries", String.class),
                rows.read("calling.closed-dates", String.class));
    }

    @Bean
    RetryPolicy retryPolicy(CallingWindows callingWindows, Environment environment) {
        return new RetryPolicy(callingWindows, new SettingRows(environment).read("policy", RetryPolicy.Setting.class));
    }
}
