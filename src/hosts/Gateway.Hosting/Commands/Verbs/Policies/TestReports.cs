using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using Gateway.Hosting.Commands.Printing;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Verbs.Policies;

/// <summary>A call that a test evaluated. A case from a file of cases has no position.</summary>
internal sealed record TestedCase(string Case, bool Ok, string Wanted, string Got, string? Reason)
{
    public string? File { get; init; }

    public int? Line { get; init; }

    public string? Pointer { get; init; }

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["case"] = Case,
            ["ok"] = Ok,
            ["wanted"] = Wanted,
            ["got"] = Got,
            ["reason"] = Reason,
        };
        if (File is null)
            return json;
        json["file"] = File;
        json["line"] = Line;
        json["pointer"] = Pointer;
        return json;
    }
}

/// <summary>The formats in which CI systems read test results.</summary>
internal static class TestReports
{
    /// <summary>Prints the Test Anything Protocol, version 14.</summary>
    public static void Tap(Output output, List<TestedCase> results)
    {
        output.Line("TAP version 14");
        output.Line($"1..{results.Count}");
        for (var i = 0; i < results.Count; i++)
        {
            var result = results[i];
            var name = result.Case.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("#", "\\#", StringComparison.Ordinal);
            var isOk = result.Ok;
            output.Line($"{(isOk ? "ok" : "not ok")} {i + 1} - {name}");
            if (isOk)
                continue;
            output.Line("  ---");
            output.Line($"  message: {Quoted(Message(result))}");
            if (Place(result) is { } place)
                output.Line($"  at: {Quoted(place)}");
            output.Line("  ...");
        }
    }

    /// <summary>Prints the XML of JUnit: one suite with a case for each test.</summary>
    public static void JUnit(Output output, string suite, List<TestedCase> results)
    {
        var text = new StringBuilder();
        var failed = results.Count(static result => !result.Ok);
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", VisibleText.Of(suite));
            xml.WriteAttributeString("tests", results.Count.ToString(CultureInfo.InvariantCulture));
            xml.WriteAttributeString("failures", failed.ToString(CultureInfo.InvariantCulture));
            xml.WriteAttributeString("errors", "0");
            foreach (var result in results)
                Case(xml, VisibleText.Of(suite), result);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        output.Lines(text.ToString().ReplaceLineEndings("\n"));
    }

    private static void Case(XmlWriter xml, string suite, TestedCase result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", suite);
        xml.WriteAttributeString("name", VisibleText.Of(result.Case));
        if (!result.Ok)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", VisibleText.Of(Message(result)));
            xml.WriteString(VisibleText.Of(Place(result) ?? ""));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Message(TestedCase result)
    {
        var reason = result.Reason is { Length: > 0 } why ? $" ({why})" : "";
        return $"wanted {result.Wanted}, got {result.Got}{reason}";
    }

    private static string? Place(TestedCase result) =>
        result.File is { } file ? $"{file}:{result.Line} {result.Pointer}" : null;

    // A double-quoted scalar of YAML is a JSON string.
    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();
}
