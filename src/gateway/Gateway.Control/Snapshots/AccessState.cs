namespace Gateway.Control.Snapshots;

/// <summary>The open requests and streams of one token of a grant at one server. Owned by the control plane.</summary>
public sealed class AccessState : IDisposable
{
    private readonly CancellationTokenSource _end = new();

    /// <summary>
    /// Canceled once the grant was revoked, has expired or lost the server, or it or the server was paused: everything
    /// that is open closes.
    /// </summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>Ends the access; returns once everything that is open was notified to close.</summary>
    public Task EndAsync() => _end.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();
}
