namespace Gateway.Control.Updating;

/// <summary>
/// A source that is canceled with a token, or at a timeout of an injected clock. The framework's linked sources follow
/// the system's clock only.
/// </summary>
public sealed class LinkedTimeout : CancellationTokenSource
{
    private readonly CancellationTokenRegistration _registration;

    /// <param name="timeout">The time until the source is canceled.</param>
    /// <param name="time">The clock of the timeout.</param>
    /// <param name="cancellationToken">Cancels the source earlier.</param>
    public LinkedTimeout(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
        : base(timeout, time) => _registration = cancellationToken.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), this);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // First, because it waits for a running callback, which uses the source.
        if (disposing)
            _registration.Dispose();
        base.Dispose(disposing);
    }
}
