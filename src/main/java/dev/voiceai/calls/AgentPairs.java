package dev.voiceai.calls;

import dev.voiceai.settings.StartFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Who may speak, from which number and for what: the setting {@code agents}. The default pair, {@code retell.agent-id}
 * with {@code retell.from-number}, is listed as well: unless it has a row of its own, for any purpose, and with nothing
 * said about disclosure and recording.
 */
public final class AgentPairs {

    private static final String SETTING = "agents";
    private static final Set<String> RECORDINGS = Set.of("none", "announced", "consented");
    private static final String UNSTATED = "unstated";
    private static final int LONGEST_AGENT_ID = 128;
    private static final int LONGEST_PURPOSE = 64;

    /**
     * One row.
     *
     * @param fromNumber E.164
     * @param purposes what the pair may be used for; empty for anything
     * @param disclosesAi whether the agent says that it is a machine; null when the row does not tell
     * @param recording {@code none}, {@code announced} or {@code consented}
     */
    public record AgentPair(
            String agentId, String fromNumber, List<String> purposes, Boolean disclosesAi, String recording) {
        public AgentPair {
            purposes = purposes == null ? List.of() : List.copyOf(purposes);
        }
    }

    /**
     * What the setting says about a pair and a purpose.
     *
     * @param listed whether the pair may be used at all
     * @param purposeAllowed whether it may be used for this purpose
     * @param disclosesAi whether the agent says that it is a machine: {@code true}, {@code false} or {@code unstated}
     * @param recording {@code none}, {@code announced}, {@code consented} or {@code unstated}
     */
    public record Standing(boolean listed, boolean purposeAllowed, String disclosesAi, String recording) {}

    private record Key(String agentId, String fromNumber) {}

    private final Map<Key, AgentPair> pairs = new LinkedHashMap<>();
    private final Key byDefault;

    /**
     * @param defaultAgentId may be blank, and then there is no default pair; so may the number
     * @throws StartFailure naming everything that is wrong with the rows
     */
    public AgentPairs(List<AgentPair> rows, String defaultAgentId, String defaultFromNumber, PhoneNumbers numbers) {
        var wrong = new ArrayList<String>();
        for (int i = 0; i < rows.size(); i++) {
            String row = SETTING + "[" + i + "]";
            check(row, rows.get(i), numbers, wrong);
            if (pairs.putIfAbsent(new Key(rows.get(i).agentId, rows.get(i).fromNumber), rows.get(i)) != null) {
                wrong.add(row + " has the same agent_id and from_number as an earlier row");
            }
        }
        if (!wrong.isEmpty()) {
            throw invalid(wrong);
        }
        byDefault = new Key(defaultAgentId, defaultFromNumber);
        if (StringUtils.hasText(defaultAgentId) && StringUtils.hasText(defaultFromNumber)) {
            pairs.putIfAbsent(byDefault, new AgentPair(defaultAgentId, defaultFromNumber, List.of(), null, null));
        }
    }

    /** @throws StartFailure when the setting can't be read, or something is wrong with a row */
    static AgentPairs of(Environment environment, PhoneNumbers numbers) {
        return new AgentPairs(
                rows(environment),
                environment.getProperty("retell.agent-id", ""),
                environment.getProperty("retell.from-number", ""),
                numbers);
    }

    /** A misspelt name must not pass: a row without its purposes would be one for any purpose. */
    private static List<AgentPair> rows(Environment environment) {
        Object used = sourceOfRows(environment);
        var everyFieldIsKnown = new NoUnboundElementsBindHandler(
                BindHandler.DEFAULT, source -> source.getUnderlyingSource() == used);
        try {
            return Binder.get(environment)
                    .bind(SETTING, Bindable.listOf(AgentPair.class), everyFieldIsKnown)
                    .orElse(List.of());
        } catch (BindException unreadable) {
            if (unreadable.getCause() instanceof UnboundConfigurationPropertiesException unknown) {
                throw invalid(unknown.getUnboundProperties().stream()
                        .map(ConfigurationProperty::getName)
                        .map(name -> name + " is not a field of a row")
                        .toList());
            }
            throw invalid(List.of(unreadable.getName() + " has a value of the wrong kind"));
        }
    }

    /** A list comes as a whole from one source, the first that has it; rows below that one are not read. */
    private static Object sourceOfRows(Environment environment) {
        var setting = ConfigurationPropertyName.of(SETTING);
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.getConfigurationProperty(setting) != null
                    || source.containsDescendantOf(setting) == ConfigurationPropertyState.PRESENT) {
                return source.getUnderlyingSource();
            }
        }
        return null;
    }

    private static void check(String row, AgentPair pair, PhoneNumbers numbers, List<String> wrong) {
        if (!StringUtils.hasText(pair.agentId) || pair.agentId.length() > LONGEST_AGENT_ID) {
            wrong.add(row + ".agent_id must have 1 to " + LONGEST_AGENT_ID + " characters");
        }
        if (!numbers.isPossible(pair.fromNumber)) {
            wrong.add(row + ".from_number must be a phone number in E.164, in quotes");
        }
        if (!pair.purposes.stream().allMatch(purpose -> StringUtils.hasText(purpose) && purpose.length() <= LONGEST_PURPOSE)) {
            wrong.add(row + ".purposes must have 1 to " + LONGEST_PURPOSE + " characters each");
        }
        if (pair.disclosesAi == null) {
            wrong.add(row + ".discloses_ai must say true or false");
        }
        if (pair.recording == null || !RECORDINGS.contains(pair.recording)) {
            wrong.add(row + ".recording must be none, announced or consented");
        }
    }

    private static StartFailure invalid(List<String> wrong) {
        return new StartFailure(
                "The pairs of agent and number are not valid:\n  " + String.join("\n  ", wrong),
                "Correct `" + SETTING + "` in application.yaml; the comment above it has an example.");
    }

    /** @param purpose may be null, which only a pair for any purpose allows */
    public Standing find(String agentId, String fromNumber, String purpose) {
        AgentPair pair = pairs.get(new Key(agentId, fromNumber));
        return pair == null
                ? new Standing(false, false, UNSTATED, UNSTATED)
                : new Standing(
                        true,
                        pair.purposes.isEmpty() || purpose != null && pair.purposes.contains(purpose),
                        pair.disclosesAi == null ? UNSTATED : pair.disclosesAi.toString(),
                        pair.recording == null ? UNSTATED : pair.recording);
    }

    /** The agents of all pairs, each once. */
    public List<String> agentIds() {
        return pairs.keySet().stream().map(Key::agentId).distinct().toList();
    }

    /** The same for a request in which the default takes the place of what is null. */
    Standing findOrDefault(String agentId, String fromNumber, String purpose) {
        return find(
                agentId == null ? byDefault.agentId : agentId,
                fromNumber == null ? byDefault.fromNumber : fromNumber,
                purpose);
    }
}
