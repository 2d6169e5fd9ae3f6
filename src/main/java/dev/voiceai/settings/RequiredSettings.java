package dev.voiceai.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** What has no stand-in: in production everything outside, elsewhere what a real part needs beside its address. */
public final class RequiredSettings {
    private final Environment environment;
    private final List<String> missing = new ArrayList<>();

    private RequiredSettings(Environment environment) {
        this.environment = environment;
    }

    /** @throws StartFailure naming all missing settings at once */
    public static void checkProduction(Environment environment) {
        var settings = new RequiredSettings(environment);
        if (!isSet(environment, "sqs.endpoint")) {
            settings.requireQueue("queues.call-requests-url", "CALL_REQUESTS_QUEUE_URL");
            settings.requireQueue("queues.call-events-url", "CALL_EVENTS_QUEUE_URL");
        }
        settings.require("retell.api-key", "RETELL_API_KEY", "calls Retell");
        settings.require("retell.from-number", "RETELL_FROM_NUMBER", "the number calls come from");
        settings.require("retell.agent-id", "RETELL_AGENT_ID", "the agent that speaks");
        settings.require("abt.url", "ABT_URL", "where activity events go");
        settings.require("ledger.url", "LEDGER_URL", "JDBC URL of PostgreSQL");
        settings.require("ledger.user", "LEDGER_USER", "its user");
        settings.require("ledger.password", "LEDGER_PASSWORD", "its password");
        settings.require("warehouse.url", "WAREHOUSE_URL", "JDBC URL of Snowflake");
        settings.require("warehouse.user", "WAREHOUSE_USER", "its user");
        if (!isSet(environment, "warehouse.private-key-base64")) {
            settings.require("warehouse.private-key-file", "WAREHOUSE_PRIVATE_KEY_FILE",
                    "its private key, or WAREHOUSE_PRIVATE_KEY_BASE64");
        }
        if (!isSet(environment, "api-keys.file")) {
            settings.require("api-keys.engage", "ENGAGE_API_KEYS", "name:key,… of those who ask for calls");
            settings.require("api-keys.business", "BUSINESS_API_KEYS", "name:key,… of those who run tasks");
            settings.require("api-keys.operator", "OPERATOR_API_KEYS",
                    "name:key,… of those who operate the system; or all of them in API_KEYS_FILE");
        }
        settings.require("privacy.hash-key", "PRIVACY_HASH_KEY", "by which erased persons are recognised");
        settings.failOnMissing("The profile `production` starts nothing embedded, and these settings are missing:",
                "Set them as environment variables, or start without the profile `production`.");
    }

    /** @throws StartFailure naming what is missing beside the settings that are there */
    public static void checkMixed(Environment environment) {
        var settings = new RequiredSettings(environment);
        // With RETELL_BASE_URL it is another server, which is served like the sandbox.
        if (isSet(environment, "retell.api-key") && !isSet(environment, "retell.base-url")) {
            settings.require("retell.from-number", "RETELL_FROM_NUMBER", "goes with RETELL_API_KEY");
            settings.require("retell.agent-id", "RETELL_AGENT_ID", "goes with RETELL_API_KEY");
        }
        if (hasQueueUrl(environment) && !isSet(environment, "sqs.endpoint")) {
            settings.requireQueue("queues.call-requests-url", "CALL_REQUESTS_QUEUE_URL");
            settings.requireQueue("queues.call-events-url", "CALL_EVENTS_QUEUE_URL");
        }
        settings.failOnMissing("Some parts are real, and these settings that belong to them are missing:",
                "Set them too, or unset the real part to get its embedded stand-in.");
    }

    /** An empty value counts as not set: {@code NAME= java -jar …} is how a shell unsets a setting. */
    public static boolean isSet(Environment environment, String property) {
        return StringUtils.hasText(environment.getProperty(property));
    }

    /** Whether at least one queue is named by its URL, which makes SQS a real one. */
    public static boolean hasQueueUrl(Environment environment) {
        return isUrl(environment, "queues.call-requests-url") || isUrl(environment, "queues.call-events-url");
    }

    private static boolean isUrl(Environment environment, String property) {
        return environment.getProperty(property, "").startsWith("http");
    }

    private void require(String property, String variable, String meaning) {
        if (!isSet(environment, property)) {
            missing.add(variable + " (" + meaning + ")");
        }
    }

    private void requireQueue(String property, String variable) {
        if (!isUrl(environment, property)) {
            missing.add(variable + " (or AWS_ENDPOINT_URL_SQS)");
        }
    }

    private void failOnMissing(String description, String action) {
        if (!missing.isEmpty()) {
            throw new StartFailure(
                    missing.stream().collect(Collectors.joining("\n  ", description + "\n  ", "")), action);
        }
    }
}
