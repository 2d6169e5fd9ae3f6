package dev.voiceai.warehouse;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.StringUtils;

/**
 * The checks on a real account, in a schema of their own. Run by the Maven profile {@code snowflake} alone; the role in
 * the URL has to be allowed to make a schema in the database.
 */
@Tag("snowflake")
class WarehouseOnSnowflakeAccountTest extends WarehouseChecks {

    /** Reads WAREHOUSE_URL as warehouse.url, and so on. */
    private final StandardEnvironment environment = new StandardEnvironment();

    @Override
    TestWarehouse open() throws Exception {
        assumeTrue(isSet("url") && isSet("user") && (isSet("private-key-file") || isSet("private-key-base64")),
                "No account is tried: set WAREHOUSE_URL, WAREHOUSE_USER and WAREHOUSE_PRIVATE_KEY_FILE or"
                        + " WAREHOUSE_PRIVATE_KEY_BASE64");
        return TestWarehouse.onSnowflake(environment.getProperty("warehouse.url"), environment);
    }

    private boolean isSet(String setting) {
        return StringUtils.hasText(environment.getProperty("warehouse." + setting));
    }
}
