package dev.voiceai.http;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Serves the contract that the routes are built on, as it stands on the disk. */
@Controller
final class Contract {
    private final FileSystemResource file;

    Contract(@Value("${routes.dir}") String routes) {
        this.file = new FileSystemResource(routes + "/openapi.yaml");
    }

    @GetMapping("/openapi.yaml")
    ResponseEntity<Resource> openApi() {
        return file.exists()
                ? ResponseEntity.ok().header("Content-Type", "application/yaml").body(file)
                : ResponseEntity.notFound().build();
    }
}
