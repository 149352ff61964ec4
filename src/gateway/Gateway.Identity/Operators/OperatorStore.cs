using Gateway.Control.Updating;

namespace Gateway.Identity.Operators;

/// <summary>The operators in force: those of the control documents that the process knows at this moment.</summary>
public sealed class OperatorStore(SnapshotUpdater control)
{
    private volatile OperatorDirectory? _read;

    /// <summary>Read anew where the documents have changed.</summary>
    public OperatorDirectory Current
    {
        get
        {
            var documents = control.State.Documents;
            var read = _read;
            // Two may read the same at once; either's may stay.
            return read is not null && ReferenceEquals(read.Documents, documents)
                ? read
                : _read = OperatorDirectory.Of(documents);
        }
    }
}
