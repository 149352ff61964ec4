using System.Text.Json;
using Gateway.Audit.Directories;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Records;

/// <summary>
/// Records the restore of a backup at the first start after <c>gateway restore</c>. The command itself cannot, because
/// the audit log belongs to a running gateway.
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

/// <summary>The result of <c>gateway restore</c>.</summary>
/// <param name="At">The time of the restore.</param>
/// <param name="User">The operating system's user name, which is unverified.</param>
/// <param name="Machine">The name of the machine.</param>
/// <param name="BackupMade">The time of the backup.</param>
/// <param name="GrantsPaused">The number of grants paused because later revocations are unknown.</param>
/// <param name="Changes">The differences from the backup.</param>
public sealed record RestoreDone(
    DateTimeOffset At, string User, string Machine, DateTimeOffset BackupMade, int GrantsPaused,
    IReadOnlyList<string> Changes)
{
    /// <summary>The maximum number of change texts.</summary>
    public const int ChangesMax = 1000;

    /// <summary>Returns the content of the file that stays in the data directory until the next start.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, HistoryJson.Default.RestoreDone);
}
