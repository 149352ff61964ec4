using System.Text.Json;

namespace Gateway.Server.Tests.Fixtures;

/// <summary>
/// Reads audit files as they are, also while they are written; half a line after a crash is passed over.
/// </summary>
internal static class AuditTrail
{
    public static IReadOnlyList<JsonElement> Read(string folder) =>
        [.. Directory.EnumerateFiles(folder, "audit-*.jsonl").Order(StringComparer.Ordinal).SelectMany(Lines)
            .Select(Parse).Where(record => record.ValueKind == JsonValueKind.Object)];

    private static string[] Lines(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static JsonElement Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line).RootElement;
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
