package dev.voiceai.embedded;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.env.Environment;

/** What is printed when everything is up: where things are and a call to try. Only generated keys are shown. */
final class StartBanner {
    /** The sandbox's number for a call that goes well. */
    private static final String NUMBER = "+12065550100";

    private final Environment environment;
    /** Who holds a generated key, and the key. */
    private final Map<String, String> keys = new LinkedHashMap<>();
    /** The settings that the embedded parts have set. */
    private final Map<String, Object> embedded;

    StartBanner(Environment environment, Map<String, Object> embedded) {
        this.environment = environment;
        this.embedded = embedded;
    }

    void generatedKey(String holder, String key) {
        keys.put(holder, key);
    }

    /** @param port of the API */
    String text(int port) {
        String api = "http://localhost:" + port;
        String management = "http://localhost:"
                + environment.getProperty("local.management.port", environment.getRequiredProperty("management.server.port"));
        boolean sandbox = embedded.containsKey("retell.base-url");
        var text = new StringBuilder("\nVoice AI is ready.\n\n");
        line(text, "API", api + "/api/v1", "contract: " + api + "/openapi.yaml");
        line(text, "Management", management + "/actuator/health", "metrics: " + management + "/actuator/prometheus");
        line(text, "Retell", environment.getProperty("retell.base-url"),
                sandbox ? "sandbox, no phone rings, so calling windows are \"always\"" : "calling windows are "
                        + environment.getProperty("calling.windows"));
        line(text, "SQS", environment.getProperty("sqs.endpoint", "AWS"), origin("sqs.endpoint"));
        line(text, "Lambda", environment.getProperty("lambda.endpoint", "AWS"), origin("lambda.endpoint"));
        line(text, "ABT events", environment.getProperty("abt.url"),
                embedded.containsKey("abt.url") ? "embedded; GET lists the last 1000" : "real");
        line(text, "Ledger", store("ledger.url"), origin("ledger.url"));
        line(text, "Warehouse", store("warehouse.url"), origin("warehouse.url"));
        keys.forEach((holder, key) -> line(text, "Key of " + holder, key, null));
        String engage = keys.getOrDefault("engage", "<a key of ENGAGE_API_KEYS>");
        return text.append("\nPlace a call:\n")
                .append("  curl -sS -X POST ").append(api).append("/api/v1/calls -H 'X-API-Key: ").append(engage)
                .append("' -H 'Content-Type: application/json' -d '{\"to_number\":\"").append(NUMBER).append("\"}'\n")
                .append("See what became of it:\n")
                .append("  curl -sS '").append(api).append("/api/v1/calls?limit=1' -H 'X-API-Key: ").append(engage)
                .append("'\n\n")
                .toString();
    }

    private String origin(String property) {
        return embedded.containsKey(property) ? "embedded" : "real";
    }

    /** Without the parameters: a password may be among them. */
    private String store(String property) {
        return environment.getRequiredProperty(property).replaceFirst("[;?].*", "");
    }

    private static void line(StringBuilder text, String name, String value, String note) {
        text.append("  %-17s %s%s%n".formatted(name, value, note == null ? "" : "  (" + note + ")"));
    }
}
