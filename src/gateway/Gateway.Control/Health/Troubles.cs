using System.Diagnostics.Metrics;
using Gateway.Audit.Records;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Health;

/// <summary>
/// The gateway's own trouble, logged once when it begins and once when it has ended, with the number of calls refused
/// in between: two lines, however many calls there are.
/// </summary>
public sealed partial class Troubles(
    Readiness readiness, IEngineHealth engine, TimeProvider time, ILogger<Troubles> logger)
    : IHostedService, IDisposable
{
    private static readonly Trouble[] Causes = Enum.GetValues<Trouble>();
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // Interruptions shorter than this count as one trouble, not as many.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private readonly TroubleState[] _states = [.. Causes.Select(static _ => new TroubleState())];
    private readonly Lock _gate = new();
    private Timer? _timer;

    /// <summary>Counts a call that was refused for this cause.</summary>
    public void Refused(Trouble cause, string why)
    {
        var state = _states[(int)cause];
        state.Count();
        // The rare path takes the lock; while the trouble lasts, a call costs two writes.
        if (!state.Seen(time.GetTimestamp()))
            Begin(cause, why);
    }

    /// <summary>Returns the underlying cause of a refusal by the engine.</summary>
    public Trouble CauseOf(Trouble cause) =>
        cause == Trouble.Limits && engine.Fault is not null && !engine.IsClockTrusted ? Trouble.Clock : cause;

    /// <summary>Returns the number of refused calls so far, by cause; each cause is reported from the start.</summary>
    public Measurement<long>[] Read() =>
    [
        .. Causes.Select(cause => new Measurement<long>(
            _states[(int)cause].Refused, new KeyValuePair<string, object?>("cause", cause.Name()))),
    ];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = new Timer(static troubles => ((Troubles)troubles!).Look(), this, Tick, Tick);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        foreach (var cause in Causes)
            End(cause, "still existed when the process ended");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Opens trouble that began without a call, and closes trouble that is over.</summary>
    private void Look()
    {
        foreach (var cause in Causes)
        {
            var state = _states[(int)cause];
            if (Fault(cause) is { } why)
            {
                if (!state.Seen(time.GetTimestamp()))
                    Begin(cause, why);
            }
            else if (state.IsOpen && time.GetElapsedTime(state.LastSeen) >= Quiet)
                End(cause, "has ended");
        }
    }

    private string? Fault(Trouble cause) => cause switch
    {
        Trouble.Audit => readiness.AuditFault,
        Trouble.Control => readiness.ControlStale,
        Trouble.Clock => readiness.EngineFault is { } fault && !engine.IsClockTrusted ? fault : null,
        Trouble.Limits => readiness.EngineFault is { } fault && engine.IsClockTrusted ? fault : null,
        _ => throw new NotSupportedException($"Trouble {cause} has no case here."),
    };

    private void Begin(Trouble cause, string why)
    {
        lock (_gate)
        {
            if (_states[(int)cause].TryOpen(time.GetTimestamp()))
                LogBegan(cause.Name(), why.TrimEnd('.'));
        }
    }

    private void End(Trouble cause, string how)
    {
        lock (_gate)
        {
            var state = _states[(int)cause];
            if (state.TryClose(out var began, out var refused))
                LogEnded(cause.Name(), how, refused, (long)time.GetElapsedTime(began).TotalSeconds);
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The gateway itself has a problem, cause {Cause}: {Why}. "
        + "Calls that depend on it are refused as unavailable until the problem ends")]
    private partial void LogBegan(string cause, string why);

    [LoggerMessage(2, LogLevel.Warning,
        "The problem with cause {Cause} {How}; calls refused because of it: {Refused}; duration: {Seconds} s")]
    private partial void LogEnded(string cause, string how, long refused, long seconds);
}
