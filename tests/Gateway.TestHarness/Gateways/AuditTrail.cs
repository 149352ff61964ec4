using System.IO.Compression;

namespace Gateway.TestHarness.Gateways;

/// <summary>
/// A reader of audit files, compressed or not, even while they are written. It skips an incomplete line after a crash.
/// </summary>
public static class AuditTrail
{
    public static IReadOnlyList<JsonElement> Read(string folder) =>
        [.. (Directory.Exists(folder) ? Directory.GetFiles(folder, "audit-*.jsonl*") : [])
            .Select(static path => path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path)
            .Distinct().Order(StringComparer.Ordinal).SelectMany(Lines).Select(Parse)
            .Where(static record => record.ValueKind == JsonValueKind.Object)];

    private static string[] Lines(string path)
    {
        using var reader = new StreamReader(Open(path));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Stream Open(string path)
    {
        const FileShare Shared = FileShare.ReadWrite | FileShare.Delete;
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, Shared);
        }
        catch (FileNotFoundException)
        {
            // The file was compressed, perhaps just now.
            return new GZipStream(
                new FileStream(path + ".gz", FileMode.Open, FileAccess.Read, Shared), CompressionMode.Decompress);
        }
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
