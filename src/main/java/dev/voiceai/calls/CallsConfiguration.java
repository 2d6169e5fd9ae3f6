package dev.voiceai.calls;

import dev.voiceai.ledger.LedgerClock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The rules as beans, by the names that the routes use. */
@Configuration(proxyBeanMethods = false)
class CallsConfiguration {

    @Bean
    PhoneNumbers phoneNumbers() {
        return new PhoneNumbers();
    }

    @Bean
    CallRules callRules(PhoneNumbers phoneNumbers, LedgerClock clock) {
        return new CallRules(phoneNumbers, clock::now);
    }

    @Bean
    TaskRules taskRules(PhoneNumbers phoneNumbers, LedgerClock clock) {
        return new TaskRules(phoneNumbers, clock::now);
    }

    @Bean
    DoNotCallRules doNotCallRules(PhoneNumbers phoneNumbers, LedgerClock clock) {
        return new DoNotCallRules(phoneNumbers, clock::now);
    }

    @Bean
    CallingWindows callingWindows(PhoneNumbers phoneNumbers, @Value("${calling.windows}") String setting) {
        return new CallingWindows(phoneNumbers, setting);
    }
}
