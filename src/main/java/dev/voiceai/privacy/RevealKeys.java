package dev.voiceai.privacy;

import dev.voiceai.http.Forbidden;
import java.util.Set;
import org.springframework.util.StringUtils;

/** Who may read numbers in full where they are masked. */
public final class RevealKeys {
    private final Set<String> names;

    /** @param names of API keys, comma-separated; empty is nobody */
    public RevealKeys(String names) {
        this.names = Set.of(StringUtils.commaDelimitedListToSet(names).stream().map(String::strip)
                .filter(name -> !name.isEmpty()).distinct().toArray(String[]::new));
    }

    /**
     * Checks that a key has the right.
     *
     * @param name of its holder
     * @throws Forbidden when it has not
     */
    public void require(String name) {
        if (!names.contains(name)) {
            throw new Forbidden();
        }
    }
}
