using System.Text.Json;
using Gateway.Audit.Files;

namespace Gateway.Server.Tests.Fixtures;

/// <summary>
/// Reads audit files as they are, the compressed too, also while they are written; half a line after a crash is passed
/// over.
/// </summary>
internal static class AuditTrail
{
    public static IReadOnlyList<JsonElement> Read(string folder) =>
        [.. AuditArchive.Files(folder).GroupBy(static file => file.Number).OrderBy(static file => file.Key)
            .SelectMany(static file => Lines(file.First())).Select(Parse)
            .Where(static record => record.ValueKind == JsonValueKind.Object)];

    private static string[] Lines(AuditFileName file)
    {
        using var reader = new StreamReader(file.Open(0));
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
