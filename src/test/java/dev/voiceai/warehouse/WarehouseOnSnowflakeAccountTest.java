package dev.voiceai.warehouse;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.env.MockEnvironment;

/**
 * The checks on a real account, in a schema of their own. Run by the Maven profile {@code snowflake} alone: the
 * role in the URL has to be allowed to make a schema in the database.
 */
@Tag("snowflake")
class WarehouseOnSnowflakeAccountTest extends WarehouseChecks {

    private final MockEnvironment settings = new MockEnvironment();

    @Override
    TestWarehouse open() throws Exception {
        var environment = new StandardEnvironment();
        for (var name : new String[] {"url", "user", "private-key-file", "private-key-base64", "private-key-password"}) {
            var value = environment.getProperty("WAREHOUSE_" + name.toUpperCase().replace('-', '_'), "");
            settings.setProperty("warehouse." + name, value);
        }
        assumeTrue(isSet("url") && isSet("user") && (isSet("private-key-file") || isSet("private-key-base64")),
                "No account is tried: set WAREHOUSE_URL, WAREHOUSE_USER and WAREHOUSE_PRIVATE_KEY_FILE or"
                        + " WAREHOUSE_PRIVATE_KEY_BASE64");
        return TestWarehouse.onSnowflake(settings.getProperty("warehouse.url"), settings);
    }

    private boolean isSet(String name) {
        return !settings.getProperty("warehouse." + name, "").isBlank();
    }
}
