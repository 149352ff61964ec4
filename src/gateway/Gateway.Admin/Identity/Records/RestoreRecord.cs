using System.Text.Json;
using Gateway.Audit.Directories;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Records;

/// <summary>
/// Records at the first start after <c>gateway restore</c> that a backup was restored. The restore itself cannot: the
/// audit log belongs to a gateway that runs.
/// </summary>
internal sealed partial class RestoreRecord(
    ChangeWriter changes, ProcessOptions options, ILogger<RestoreRecord> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var path = Path.Combine(options.DataDirectory, DataDirectory.RestoreRecordName);
        try
        {
            if (!File.Exists(path))
                return;
            var content = await File.ReadAllBytesAsync(path, stoppingToken);
            var done = JsonSerializer.Deserialize(content, HistoryJson.Default.RestoreDone)!;
            var by = new Actor("gateway restore") { ClaimedBy = done.User, From = done.Machine, Origin = "cli" };
            var change = new DocumentChange("restore", new ControlKey("store", "backup"), 0, null, null, content)
            {
                Changes = done.Changes,
            };
            if (await changes.RecordAsync(by, change))
                File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            LogLost(path, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The audit log has no record of the restore of a backup, because {Path} cannot be used; the next start tries "
        + "again: {Why}")]
    private partial void LogLost(string path, string why);
}

/// <summary>What <c>gateway restore</c> did.</summary>
/// <param name="At">When.</param>
/// <param name="User">The user of the operating system; nothing proves it.</param>
/// <param name="Machine">The machine.</param>
/// <param name="BackupMade">When the backup was made.</param>
/// <param name="GrantsPaused">How many grants were paused because nothing says which were revoked since.</param>
/// <param name="Changes">What differs from the backup.</param>
public sealed record RestoreDone(
    DateTimeOffset At, string User, string Machine, DateTimeOffset BackupMade, int GrantsPaused,
    IReadOnlyList<string> Changes)
{
    /// <summary>Texts of changes at most.</summary>
    public const int ChangesMax = 1000;

    /// <summary>As the data directory keeps it until the next start.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, HistoryJson.Default.RestoreDone);
}
