using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Records;

/// <summary>
/// Records changes of the configuration file. Each frontend has a document with the digests of its files, so that it
/// can detect at its next start whether they changed while it was stopped.
/// </summary>
internal sealed partial class ConfigFileRecord(
    ChangeWriter changes, IControlStore store, AuditLog audit, ILogger<ConfigFileRecord> logger) : IConfigRecord
{
    /// <summary>The name of records that no operator caused; no operator can have it.</summary>
    private const string FileName = "(file)";

    // A frontend without a persistent volume is a new writer at each start.
    private const int KeptMax = 256;

    /// <inheritdoc/>
    public async Task ApplyAsync(Actor? by, ConfigFileChange change, Func<Task> apply)
    {
        var before = await KnownAsync();
        var made = Change("reload", before, change.Path, change.Files) with
        {
            Changes = change.Changes,
            Objects = change.Objects,
        };
        if (!await changes.MakeAsync(by ?? File, made, apply))
        {
            throw new IOException(
                "The configuration file was not applied, because the audit log cannot be written.");
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(string path, IReadOnlyDictionary<string, string> files)
    {
        try
        {
            var known = await KnownAsync();
            var change = Change("start", known, path, files);
            if (known is null)
                await store.WriteAsync(change.Key, 0, change.Content!, CancellationToken.None);
            else if (Differences(Parse(known.Content), files) is { Count: > 0 } differences)
                await changes.MakeAsync(File, change with { Changes = differences }, static () => Task.CompletedTask);
            await PruneAsync();
        }
        catch (ControlStoreException e)
        {
            LogLost(e.Message);
        }
    }

    private static Actor File { get; } = new(FileName) { Origin = "file" };

    private ControlKey Key => new(ControlKinds.ConfigFiles, audit.Evidence?.Writer ?? Environment.MachineName);

    private async ValueTask<ControlDocument?> KnownAsync() =>
        (await store.ReadAsync(CancellationToken.None)).Find(Key);

    private DocumentChange Change(
        string action, ControlDocument? before, string path, IReadOnlyDictionary<string, string> files)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new ConfigFilesDocument(path, audit.Frontend, files.ToDictionary()),
            HistoryJson.Default.ConfigFilesDocument);
        return new DocumentChange(
            action, Key, before?.Version ?? 0, content, before?.Content.ToArray(), content)
        {
            Frontend = audit.Frontend,
        };
    }

    private async Task PruneAsync()
    {
        var all = (await store.ReadAsync(CancellationToken.None)).OfKind(ControlKinds.ConfigFiles)
            .OrderByDescending(static one => one.Version).Skip(KeptMax);
        foreach (var one in all)
            await store.DeleteAsync(one.Key, one.Version, CancellationToken.None);
    }

    private static Dictionary<string, string> Parse(ReadOnlyMemory<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize(content.Span, HistoryJson.Default.ConfigFilesDocument)?.Files ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static List<string> Differences(
        Dictionary<string, string> old, IReadOnlyDictionary<string, string> files) =>
    [
        .. old.Keys.Where(name => !files.ContainsKey(name)).Select(static name => $"remove {name}"),
        .. files.Where(one => !old.ContainsKey(one.Key)).Select(static one => $"add {one.Key}"),
        .. files.Where(one => old.TryGetValue(one.Key, out var digest) && digest != one.Value)
            .Select(static one => $"change {one.Key} while the gateway was stopped"),
    ];

    [LoggerMessage(1, LogLevel.Warning,
        "The digests of the configuration files could not be stored, so a change while the gateway is stopped may "
        + "be missing in the audit log: {Why}")]
    private partial void LogLost(string why);
}

/// <summary>The configuration files of a frontend as the store keeps them.</summary>
/// <param name="Path">The configuration file.</param>
/// <param name="Frontend">The frontend's name.</param>
/// <param name="Files">The SHA-256 of each file, by its path relative to the configuration file.</param>
internal sealed record ConfigFilesDocument(string Path, string Frontend, Dictionary<string, string> Files);
