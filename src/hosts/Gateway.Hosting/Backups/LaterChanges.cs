using System.Globalization;
using System.Text.Json;
using Gateway.Audit.Evidence;
using Gateway.Audit.Files;
using Gateway.Audit.Reading;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;

namespace Gateway.Hosting.Backups;

/// <summary>
/// Changes that were made after a backup, from audit logs or an operator's list: access that they removed must not come
/// back with the backup.
/// </summary>
internal sealed class LaterChanges
{
    /// <summary>
    /// A change is recorded before it is made, so one that was recorded earlier may be missing in the backup.
    /// </summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    /// <summary>The prefix of the reason for a grant in a list.</summary>
    public const string Listed = "listed in ";

    private const int PageLimit = 1000;

    private readonly SortedDictionary<string, string> _removed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, LaterPause> _paused = new(StringComparer.Ordinal);
    private readonly List<string> _others = [];

    /// <summary>The removed documents, as <c>kind/name</c>, with the reasons.</summary>
    public IReadOnlyDictionary<string, string> Removed => _removed;

    /// <summary>The required pauses by name.</summary>
    public IReadOnlyDictionary<string, LaterPause> Paused => _paused;

    /// <summary>Other changes, which a restore cannot repeat.</summary>
    public IReadOnlyList<string> Others => _others;

    /// <summary>
    /// True if there is a record of the time after the backup. Without one, every grant starts paused.
    /// </summary>
    public bool IsKnown { get; private set; }

    /// <summary>
    /// Reads a list with one grant per line: <c>NAME</c> for a revoked and <c>NAME paused</c> for a paused one.
    /// </summary>
    /// <exception cref="BackupException">The file cannot be read, or a line has another form.</exception>
    public void AddList(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"{path} cannot be read: {e.Message}", e);
        }

        for (var i = 0; i < lines.Length; i++)
        {
            var words = lines[i].Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is [])
                continue;
            if (words is not ([_] or [_, "paused"]) || !EntityName.IsValid(words[0]))
            {
                throw new BackupException($"{path}:{i + 1}: \"{lines[i].Trim()}\" is not valid: write the name of a "
                    + "revoked grant, or the name of a paused grant and \"paused\".");
            }

            if (words.Length == 1)
                _removed[$"{ControlKinds.Grants}/{words[0]}"] = Listed + path;
            else
                _paused[Pauses.OfGrantName(words[0])] = new(Listed + path);
        }

        IsKnown = true;
    }

    /// <summary>Reads the records of an audit log from the time after the backup.</summary>
    /// <param name="path">A data directory, or its folder <c>audit</c>.</param>
    /// <param name="created">The time of the backup.</param>
    /// <returns>Null if the log has no record of that time, so that it proves nothing.</returns>
    /// <exception cref="BackupException">There is no audit log, or it cannot be read.</exception>
    public DateTimeOffset? AddAudit(string path, DateTimeOffset created)
    {
        var folder = Directory.Exists(Path.Combine(path, "audit")) ? Path.Combine(path, "audit") : path;
        var files = AuditArchive.InOrder(folder).ToList();
        if (files.Count == 0)
            throw new BackupException($"{path} has no audit log: name a gateway's data directory, or the "
                + "folder \"audit\" in it.");
        var from = created - Overlap;
        try
        {
            var first = files.FirstOrDefault(file => file.LastWrite >= from.UtcDateTime, files[^1]);
            var changes = Read(folder, AuditReader.Cursor(new LogPlace(first.Number, 0)), from, out var last);
            if (last <= created)
                return null;
            Apply(changes, created);
            IsKnown = true;
            return last;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new BackupException($"The audit log in {folder} cannot be read: {e.Message}", e);
        }
    }

    private static List<JsonElement> Read(
        string folder, string? cursor, DateTimeOffset from, out DateTimeOffset last)
    {
        var changes = new List<JsonElement>();
        var reader = new AuditReader(folder);
        last = default;
        for (AuditPage? page = null; page is null or { More: true }; cursor = page.Next)
        {
            page = reader.Read(new AuditQuery(), cursor, PageLimit);
            foreach (var record in page.Items)
            {
                var time = TimeOf(record);
                last = time > last ? time : last;
                if (time >= from && Text(record, "kind") == "change")
                    changes.Add(record);
            }
        }

        return changes;
    }

    private void Apply(List<JsonElement> changes, DateTimeOffset created)
    {
        // A change that another one preceded was not made. If its outcome is unknown, the stricter one is assumed.
        var failed = changes.Where(static record => Text(record, "failed").Length > 0)
            .ToLookup(static record => Text(record, "changeId"), static record => Text(record, "failed"));
        foreach (var record in changes.Where(static record => Text(record, "failed").Length == 0))
        {
            var failures = failed[Text(record, "changeId")].ToList();
            var isUnknown = failures.Exists(static why => why.StartsWith("unknown", StringComparison.Ordinal));
            if (failures.Count == 0 || isUnknown)
                Apply(record, isUnknown, TimeOf(record) > created);
        }
    }

    private void Apply(JsonElement record, bool isUnknown, bool isLater)
    {
        var (action, about) = (Text(record, "action"), Text(record, "object"));
        var why = $"{action} by {Text(record, "by")} at {Text(record, "time")}";
        var (kind, name) = about.IndexOf('/') is > 0 and var at ? (about[..at], about[(at + 1)..]) : (about, "");
        var pause = kind == ControlKinds.Pauses ? name : kind == ControlKinds.Grants ? Pauses.OfGrantName(name) : null;
        if (pause is not null && action == "resume")
        {
            if (!isUnknown)
                _paused.Remove(pause);
        }
        else if (pause is not null
            && (action == "pause" || (kind == ControlKinds.Pauses && action is "revoke" or "expire")))
        {
            var made = kind == ControlKinds.Pauses ? DocumentOf(record, name) : null;
            _paused[pause] = new(why, isUnknown && made is not null ? made with { Expires = null } : made);
        }
        else if (!record.TryGetProperty("after", out _) && kind is ControlKinds.Grants or ControlKinds.Operators
            or ControlKinds.OperatorKeys or ControlKinds.Passkeys or ControlKinds.OAuthClients)
        {
            _removed[about] = why;
        }
        else if (kind == ControlKinds.Grants && action != "create")
        {
            // Its token or its policy may have been replaced because it was no longer safe.
            _paused[Pauses.OfGrantName(name)] = new(why);
        }
        else if (isLater)
            _others.Add($"{Text(record, "time")} {Text(record, "by")} {action} {about}");
    }

    /// <summary>
    /// Returns the pause that a change made; null if the record does not have it, or it is about another subject or
    /// tool than its name.
    /// </summary>
    private static PauseDocument? DocumentOf(JsonElement record, string name)
    {
        if (!record.TryGetProperty("after", out var after))
            return null;
        try
        {
            var found = after.Deserialize(ControlJsonContext.Default.PauseDocument);
            // An erasable subject is at the end of the record; records of earlier releases have it in the document.
            if (found is { Issuer: not null, Subject: null } && Text(record, "caller") is { Length: > 0 } caller)
                found = found with { Subject = caller };
            var own = found switch
            {
                { Issuer: { } issuer, Subject: { } subject } => Pauses.OfSubjectName(issuer, subject),
                { Server: { } server, Tool: { } tool } => Pauses.OfToolName(server, tool),
                _ => null,
            };
            return own == name ? found : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DateTimeOffset TimeOf(JsonElement record) => DateTimeOffset.TryParse(
        Text(record, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : default;

    private static string Text(JsonElement record, string member) =>
        record.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()! : "";
}

/// <summary>A pause that was made after a backup.</summary>
/// <param name="Why">The change that made it.</param>
/// <param name="Document">
/// The pause of a subject or a tool, whose name has only a digest of them; null for another pause, and if the record
/// does not have it.
/// </param>
internal sealed record LaterPause(string Why, PauseDocument? Document = null);
