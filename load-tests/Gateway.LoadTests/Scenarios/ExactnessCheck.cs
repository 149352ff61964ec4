using System.Text.Json;

namespace Gateway.LoadTests.Scenarios;

/// <summary>
/// The check that a limit was never exceeded, by the calls that reached the server and the windows in the gateways'
/// records. Each gateway's own clock determines the window, so the server's clock does not matter.
/// </summary>
internal static class ExactnessCheck
{
    /// <param name="seen">The number of times that the server saw each call id.</param>
    /// <param name="dataDirectories">The data directories of all gateways that served.</param>
    public static ExactnessReport Of(IReadOnlyDictionary<string, int> seen, IEnumerable<string> dataDirectories)
    {
        var decided = new HashSet<string>(StringComparer.Ordinal);
        var windows = new Dictionary<string, (decimal Used, decimal Max)>(StringComparer.Ordinal);
        foreach (var line in dataDirectories.SelectMany(Lines))
        {
            if (!line.Contains("\"kind\":\"decision\"", StringComparison.Ordinal))
                continue;
            using var record = JsonDocument.Parse(line);
            var id = record.RootElement.GetProperty("callId").GetString()!;
            if (!seen.ContainsKey(id) || !record.RootElement.TryGetProperty("counters", out var counters))
                continue;
            decided.Add(id);
            foreach (var counter in counters.EnumerateArray())
                Charge(windows, counter);
        }

        return new ExactnessReport(
            seen.Count,
            seen.Values.Count(static times => times > 1),
            seen.Keys.Count(id => !decided.Contains(id)),
            windows.Count,
            windows.Values.Count(static window => window.Used == window.Max),
            windows.Values.Count(static window => window.Used > window.Max));
    }

    private static void Charge(Dictionary<string, (decimal Used, decimal Max)> windows, JsonElement counter)
    {
        var window = $"{counter.GetProperty("key").GetString()} {counter.GetProperty("window").GetString()}";
        var used = windows.GetValueOrDefault(window).Used + Number(counter, "cost");
        windows[window] = (used, Number(counter, "max"));
    }

    private static decimal Number(JsonElement counter, string name) =>
        decimal.Parse(counter.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    // A killed process may leave an incomplete line at the end.
    private static IEnumerable<string> Lines(string data) =>
        Directory.EnumerateFiles(Path.Combine(data, "audit"), "*.jsonl")
            .SelectMany(File.ReadLines)
            .Where(static line => line.EndsWith('}'));
}
