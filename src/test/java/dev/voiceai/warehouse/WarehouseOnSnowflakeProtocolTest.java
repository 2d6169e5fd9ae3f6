package dev.voiceai.warehouse;

import dev.voiceai.warehouse.server.SnowflakeServer;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/** The checks by Snowflake's own driver, on a server that speaks its protocol. The account script has prepared it. */
class WarehouseOnSnowflakeProtocolTest extends WarehouseChecks {

    private final SnowflakeServer server = new SnowflakeServer();

    @Override
    TestWarehouse open() throws Exception {
        var user = ServiceUser.named("voice_ai_service");
        server.trust(user.name(), user.keys().getPublic());
        var url = server.url("voice_ai", "calls", "");
        try (var administrator = new SnowflakeDataSource(url, user.settings()).getConnection()) {
            ScriptUtils.executeSqlScript(administrator,
                    new FileSystemResource(TestWarehouse.ROUTES.resolve("sql/warehouse/snowflake-account.sql")));
        }
        return TestWarehouse.onSnowflake(url, user.settings());
    }

    @Override
    void afterwards() {
        server.close();
    }
}
