using System.Text.Json;
using Gateway.Audit.Verifying;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Updating;

/// <summary>
/// Once a minute, writes the newest checkpoint of this frontend's audit log to a shared store, and notes those of the
/// others in its own log: each frontend's records then prove the state of the others' records. No call waits for it.
/// </summary>
public sealed partial class CheckpointExchange(
    IControlStore store, SnapshotUpdater control, AuditLog audit, TimeProvider time,
    ILogger<CheckpointExchange> logger) : BackgroundService
{
    /// <summary>The interval of the exchange.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    // A frontend without a volume of its own is a new writer at each start.
    private const int KeptMax = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private string? _written;
    private bool _isLost;

    /// <summary>Returns the checkpoints of a writer that the store contains.</summary>
    public static IReadOnlyList<OutsideCheckpoint> Of(ControlSnapshot documents, string writer)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return documents.Find(new ControlKey(ControlKinds.Checkpoints, writer)) is { } document
            ? [.. Parse(document)]
            : [];
    }

    /// <summary>Reads the others' new checkpoints, and writes this frontend's own.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        if (audit.Evidence is not { } evidence)
            return;
        var documents = control.State.Documents;
        var all = documents.OfKind(ControlKinds.Checkpoints).OrderByDescending(static one => one.Version).ToList();
        evidence.Witness(all.Where(one => one.Key.Name != evidence.Writer)
            .SelectMany(static one => Parse(one).Take(1)).Select(static one => one.Head));
        if (all.Count > KeptMax)
            await store.DeleteAsync(all[^1].Key, all[^1].Version, cancellationToken);
        if (evidence.Newest is not { } note || note == _written)
            return;
        var key = new ControlKey(ControlKinds.Checkpoints, evidence.Writer);
        var content = ControlJsonContext.Write(
            new CheckpointDocument(note), ControlJsonContext.Default.CheckpointDocument);
        var write = await store.WriteAsync(key, documents.Find(key)?.Version ?? 0, content, cancellationToken);
        if (write.IsWritten)
            _written = note;
    }

    /// <inheritdoc/>
    /// <remarks>The last checkpoint is stored with the records.</remarks>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        store.IsShared ? time.RepeatAsync(Every, TryExchangeAsync, stoppingToken) : Task.CompletedTask;

    private async Task TryExchangeAsync(CancellationToken cancellationToken)
    {
        if (!control.IsOpen)
            return;
        using var waiting = new LinkedTimeout(Patience, time, cancellationToken);
        try
        {
            await ExchangeAsync(waiting.Token);
            _isLost = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever failed, the next exchange tries again.
            if (!_isLost)
                LogFailed(e.Message);
            _isLost = true;
        }
    }

    private static IReadOnlyList<OutsideCheckpoint> Parse(ControlDocument document)
    {
        try
        {
            var note = JsonSerializer.Deserialize(
                document.Content.Span, ControlJsonContext.Default.CheckpointDocument)!.Note;
            return AuditVerifier.ReadOutside("the store", note);
        }
        catch (JsonException)
        {
            // Its writer replaces it with its next checkpoint.
            return [];
        }
    }

    [LoggerMessage(1, LogLevel.Information,
        "Checkpoints of the audit log could not be exchanged with other frontends; the gateway tries again: {Why}")]
    private partial void LogFailed(string why);
}
