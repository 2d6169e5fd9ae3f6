package dev.voiceai.cases;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The results in the XML that CI servers read, one suite for each file, as Surefire writes it. */
final class JUnitReport {

    private JUnitReport() {}

    static void write(Path file, List<Result> results) throws IOException {
        Map<String, List<Result>> suites = results.stream()
                .collect(Collectors.groupingBy(Result::file, LinkedHashMap::new, Collectors.toList()));
        try (Writer writer = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(writer);
            xml.writeStartDocument();
            xml.writeStartElement("testsuites");
            for (Map.Entry<String, List<Result>> suite : suites.entrySet()) {
                xml.writeStartElement("testsuite");
                xml.writeAttribute("name", suite.getKey());
                xml.writeAttribute("tests", String.valueOf(suite.getValue().size()));
                xml.writeAttribute("failures",
                        String.valueOf(suite.getValue().stream().filter(result -> !result.passed()).count()));
                for (Result result : suite.getValue()) {
                    write(xml, result);
                }
                xml.writeEndElement();
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private static void write(XMLStreamWriter xml, Result result) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", result.file());
        xml.writeAttribute("name", result.of().name());
        xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", result.seconds()));
        if (!result.passed()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("message", result.file() + ":" + result.line());
            xml.writeCharacters(result.failure());
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
}
