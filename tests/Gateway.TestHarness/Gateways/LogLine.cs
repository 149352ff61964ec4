namespace Gateway.TestHarness.Gateways;

/// <summary>A line of output from a process that may write JSON.</summary>
public static class LogLine
{
    /// <summary>
    /// Returns the text that the process would write without JSON; a log entry is returned unchanged.
    /// </summary>
    public static string TextOf(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (!line.StartsWith('{') || !line.Contains("\"Category\":\"Console\"", StringComparison.Ordinal))
            return line;
        var entry = JsonNode.Parse(line)!;
        var warns = (string?)entry["LogLevel"] == "Warning";
        return (warns ? "warning: " : "") + (string?)entry["Message"];
    }
}
