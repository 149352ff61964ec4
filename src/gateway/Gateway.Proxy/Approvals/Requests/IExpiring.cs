namespace Gateway.Proxy.Approvals.Requests;

/// <summary>Documents that have their time.</summary>
public interface IExpiring
{
    /// <summary>Takes out what is over; every frontend of a fleet may do it at once.</summary>
    /// <exception cref="Control.Documents.ControlStoreException">The store cannot be reached.</exception>
    ValueTask SweepAsync(CancellationToken cancellationToken);
}
