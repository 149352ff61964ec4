namespace Gateway.Control.Snapshots;

/// <summary>What is open of one token of a grant at one server, until it ends. Owned by the control plane.</summary>
public sealed class AccessState : IDisposable
{
    private readonly CancellationTokenSource _end = new();

    /// <summary>
    /// Set once the grant was revoked, has expired or lost the server, or it or the server was paused: whatever is open
    /// closes.
    /// </summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>Ends it: returns once everything that is open was told to close.</summary>
    public Task EndAsync() => _end.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();
}
