using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Microsoft.Extensions.Logging;

namespace Gateway.Identity.Operators;

/// <summary>The operators in force: those of the control documents that the process knows at this moment.</summary>
public sealed partial class OperatorStore(SnapshotUpdater control, ILogger<OperatorStore> logger)
{
    private volatile OperatorDirectory? _read;

    /// <summary>Read anew where the documents have changed.</summary>
    public OperatorDirectory Current
    {
        get
        {
            var documents = control.State.Documents;
            var read = _read;
            if (read is not null && ReferenceEquals(read.Documents, documents))
                return read;
            // Two may read the same at once; either's may stay.
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

    [LoggerMessage(1, LogLevel.Error,
        "{Key} of the control store cannot be read and opens nothing: restore it from a backup, or make it anew")]
    private partial void LogUnreadable(ControlKey key);
}
