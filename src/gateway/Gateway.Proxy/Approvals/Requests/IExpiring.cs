namespace Gateway.Proxy.Approvals.Requests;

/// <summary>A store of documents that expire.</summary>
public interface IExpiring
{
    /// <summary>Removes expired documents; every frontend of a fleet may do so concurrently.</summary>
    /// <exception cref="Control.Documents.ControlStoreException">The store cannot be reached.</exception>
    ValueTask SweepAsync(CancellationToken cancellationToken);
}
