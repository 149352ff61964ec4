using System.Text.Json;

namespace Gateway.Audit.Shipping;

/// <summary>Reads the file that names the sinks: one JSON object, a sink a member.</summary>
public static class AuditSinkFile
{
    private const int SinksMax = 8;
    private const int NameLengthMax = 64;

    /// <summary>The sinks.</summary>
    /// <exception cref="FormatException">It cannot be read; the message says where and what to write.</exception>
    public static IReadOnlyList<AuditSinkOptions> Read(string path)
    {
        try
        {
            var entries = JsonSerializer.Deserialize(
                File.ReadAllBytes(path), AuditSinkJson.Default.DictionaryStringAuditSinkEntry) ?? [];
            if (entries.Count > SinksMax)
                throw new FormatException($"{path} names {entries.Count} sinks; at most {SinksMax} are served");
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            return [.. entries.Select(entry => Sink(path, folder, entry.Key, entry.Value))];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"cannot be read: {path}: {e.Message}", e);
        }
    }

    /// <summary>What is wrong with the file; null where <see cref="Read"/> reads it.</summary>
    public static string? Problem(string path)
    {
        try
        {
            Read(path);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    private static AuditSinkOptions Sink(string path, string folder, string name, AuditSinkEntry entry)
    {
        if (name.Length is 0 or > NameLengthMax
            || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw Wrong("", $"is no name of a sink: 1 to {NameLengthMax} letters, digits, hyphens and underscores");
        if (entry.Kind != "webhook")
            throw Wrong("/kind", $"\"{entry.Kind}\" is no kind of sink: write \"webhook\"");
        if (!Uri.TryCreate(entry.Url, UriKind.Absolute, out var url) || url.UserInfo.Length > 0
            || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
            throw Wrong("/url", "must be an https address without a user; http is taken for this machine only");
        if (entry.OnFull is not ("block" or "drop"))
            throw Wrong("/on_full", "must be \"block\" (keep what is not shipped, deny calls when the log is full) or "
                + "\"drop\" (delete the oldest unshipped, and count it)");
        return new AuditSinkOptions(
            name, url, entry.OnFull == "block",
            entry.TokenFile is { } token ? Path.GetFullPath(token, folder) : null);

        FormatException Wrong(string member, string what) => new($"is refused: {path} at /{name}{member}: {what}");
    }
}
