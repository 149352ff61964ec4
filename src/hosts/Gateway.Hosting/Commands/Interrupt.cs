using System.Runtime.InteropServices;

namespace Gateway.Hosting.Commands;

/// <summary>
/// A handler that lets a verb clean up on Ctrl-C, which would otherwise end the process immediately. A second Ctrl-C
/// ends it anyway.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly PosixSignalRegistration[] _signals;

    /// <param name="cancellation">Also ends the verb.</param>
    public Interrupt(CancellationToken cancellation)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, End),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, End),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, End),
        ];
    }

    /// <summary>Cancelled with the first signal.</summary>
    public CancellationToken Token => _end.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _end.Dispose();
    }

    private void End(PosixSignalContext signal)
    {
        signal.Cancel = !_end.IsCancellationRequested;
        _end.Cancel();
    }
}
