using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Operators;

/// <summary>The active operators: those of the control documents that the process currently knows.</summary>
public sealed partial class OperatorStore(
    IControlStore store, SnapshotUpdater control, ProcessClock clock, ILogger<OperatorStore> logger)
{
    /// <summary>The maximum number of operator accounts.</summary>
    internal const int AccountsMax = 1000;

    private volatile OperatorDirectory? _read;

    /// <summary>The directory of operators, read again when the documents have changed.</summary>
    public OperatorDirectory Current
    {
        get
        {
            var documents = control.State.Documents;
            var read = _read;
            if (read is not null && ReferenceEquals(read.Documents, documents))
                return read;
            // Two threads may read concurrently; either result may be kept.
            var next = OperatorDirectory.Of(documents);
            foreach (var document in next.Unreadable)
            {
                var isKnown = read?.Unreadable.Any(
                    known => known.Key == document.Key && known.Version == document.Version);
                if (isKnown != true)
                    LogUnreadable(document.Key);
            }

            return _read = next;
        }
    }

    /// <summary>
    /// Returns the absences in which this account is the delegate and has the right to decide on requests for approval
    /// of some server, by the absent operator's name. While the time is not trusted, no absence gives a right.
    /// </summary>
    public IReadOnlyList<OperatorAbsence> DelegationsTo(OperatorAccount account) => clock.TrustedMs() is { } nowMs
        ?
        [
            .. Current.Absences.Values.Where(one => one.Delegate?.Id == account.Id && one.Delegates(null, nowMs))
                .OrderBy(static one => one.Owner.Name, StringComparer.Ordinal),
        ]
        : [];

    /// <summary>
    /// Stores which keys have reached their expiry, so that they stay ended if a clock is set back later. A time that
    /// is not trusted ends nothing for good.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var directory = Current;
        if (clock.TrustedMs() is not { } nowMs
            || !directory.Keys.Values.Any(key => !key.HasEnded && key.IsExpired(nowMs)))
        {
            return;
        }

        // Keys that are no longer stored need no entry.
        var ended = directory.Keys.Values.Where(key => key.HasEnded || key.IsExpired(nowMs))
            .Select(static key => key.Hash.ToString()).Order(StringComparer.Ordinal).ToList();
        // If another frontend wrote first, the next run sees its document.
        await store.WriteAsync(
            OperatorDirectory.EndedKeys, directory.Documents.Find(OperatorDirectory.EndedKeys)?.Version ?? 0,
            ControlJsonContext.Write(
                new EndedKeysDocument(ended), ControlJsonContext.Default.EndedKeysDocument),
            cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Error,
        "The control document {Key} cannot be read and gives no access: restore it from a backup, or create it again")]
    private partial void LogUnreadable(ControlKey key);
}
