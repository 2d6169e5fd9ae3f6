-- What routes each replica runs, for whoever asks any of them. A row that is not renewed belongs to a replica that is gone.
CREATE TABLE route_report (
    replica VARCHAR(36)      NOT NULL PRIMARY KEY,
    report  VARCHAR(1048576) NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL
);
