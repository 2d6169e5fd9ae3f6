package dev.voiceai.warehouse;

import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Tag;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.StringUtils;

/**
 * The checks on a real account, in a schema of their own. Run by the Maven profile {@code snowflake} alone; the role in
 * the URL has to be allowed to make a schema in the database.
 */
@Tag("snowflake")
class WarehouseOnSnowflakeAccountTest extends WarehouseChecks {

    private static final String SKIPPED = "No account is tried: set WAREHOUSE_URL, WAREHOUSE_USER and"
            + " WAREHOUSE_PRIVATE_KEY_FILE or WAREHOUSE_PRIVATE_KEY_BASE64";

    /** Reads WAREHOUSE_URL as warehouse.url, and so on. */
    private final StandardEnvironment environment = new StandardEnvironment();

    @Override
    TestWarehouse open() throws Exception {
        if (!isSet("url") || !isSet("user") || !isSet("private-key-file") && !isSet("private-key-base64")) {
            // Surefire keeps the reason of an assumption to itself.
            LoggerFactory.getLogger(getClass()).warn(SKIPPED);
            abort(SKIPPED);
        }
        return TestWarehouse.onSnowflake(environment.getProperty("warehouse.url"), environment);
    }

    private boolean isSet(String setting) {
        return StringUtils.hasText(environment.getProperty("warehouse." + setting));
    }
}
