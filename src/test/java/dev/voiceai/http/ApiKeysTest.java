package dev.voiceai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.voiceai.settings.StartFailure;
import org.junit.jupiter.api.Test;

class ApiKeysTest {
    private final ApiKeys keys = new ApiKeys("crm:one, crm:two ,shop:three", "desk:four", "ops:five:six");

    @Test
    void aKeyOfAnAllowedRoleNamesItsHolder() {
        assertThat(keys.authorize("one", "engage")).isEqualTo("crm");
        assertThat(keys.authorize("two", "engage")).isEqualTo("crm");
        assertThat(keys.authorize("three", "engage,business")).isEqualTo("shop");
        assertThat(keys.authorize("four", "engage, business")).isEqualTo("desk");
        assertThat(keys.authorize("five:six", "operator")).isEqualTo("ops");
    }

    @Test
    void noKeyAndAnUnknownKeyGetTheSameAnswer() {
        for (String key : new String[] {null, "", "On", "one ", "one,", "crm:one"}) {
            assertThatThrownBy(() -> keys.authorize(key, "engage,business,operator"))
                    .isInstanceOfSatisfying(Unauthorized.class, problem -> {
                        assertThat(problem.status()).isEqualTo(401);
                        assertThat(problem.detail()).isEqualTo("Send a valid key in the header X-API-Key.");
                    });
        }
    }

    @Test
    void aKeyOfAnotherRoleIsForbidden() {
        assertThatThrownBy(() -> keys.authorize("one", "operator"))
                .isInstanceOfSatisfying(Forbidden.class, problem -> assertThat(problem.status()).isEqualTo(403));
    }

    @Test
    void aListThatIsNotNameAndKeyKeepsTheApplicationFromStarting() {
        for (String setting : new String[] {"key", ":key", "name:", "a:b,c"}) {
            assertThatThrownBy(() -> new ApiKeys(setting, "", "")).isInstanceOf(StartFailure.class);
        }
    }

    @Test
    void oneKeyOrNameForTwoRolesKeepsTheApplicationFromStartingAndIsNotShown() {
        assertThatThrownBy(() -> new ApiKeys("a:same-key", "b:same-key", ""))
                .isInstanceOf(StartFailure.class)
                .hasMessageNotContaining("same-key");
        assertThatThrownBy(() -> new ApiKeys("a:one", "", "a:two")).isInstanceOf(StartFailure.class);
    }
}
