package io.ringmaster.cli.man;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Pages of docs that are pages of the manual, too. */
public enum DocumentPage {
    /** The file of {@code ringmaster config}. */
    CONFIG("ringmaster.yaml", 5, "config.md"),
    /** What the socket speaks. */
    SOCKET("ringmaster-socket", 7, "socket.md"),
    /** A director under systemd. */
    SERVICE("ringmaster-service", 7, "appliance.md");

    private final String pageName;
    private final int section;
    private final String file;

    DocumentPage(final String pageName, final int section, final String file) {
        this.pageName = pageName;
        this.section = section;
        this.file = file;
    }

    /** What the page is called. */
    public String pageName() {
        return pageName;
    }

    /** Section of the manual. */
    public int section() {
        return section;
    }

    /** The file in docs. */
    String file() {
        return file;
    }

    /** The page, for a version of the program. */
    public String page(final String version) {
        try (InputStream in = DocumentPage.class.getResourceAsStream(file)) {
            return new MarkdownPage(new String(in.readAllBytes(), StandardCharsets.UTF_8), this, version).page();
        } catch (final IOException e) {
            throw new UncheckedIOException("this program's jar cannot be read", e);
        }
    }
}
