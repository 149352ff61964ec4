using Gateway.Audit.Writing;
using Microsoft.Extensions.Hosting;

namespace Gateway.Control.Health;

/// <summary>Whether this process can decide calls now, and if not, why; what it cannot decide it denies.</summary>
public sealed class Readiness(
    AuditLog audit, IEngineHealth engine, ControlLoss control, IHostApplicationLifetime lifetime,
    StoreLossOptions options)
{
    private volatile bool _hasDecided;

    /// <summary>Whether the process was asked to stop.</summary>
    public bool IsDraining => Draining.IsCancellationRequested;

    /// <summary>Set once the process was asked to stop: streams that would stay open end, calls finish.</summary>
    public CancellationToken Draining => lifetime.ApplicationStopping;

    /// <summary>Why limits cannot be counted now; null while they can.</summary>
    public string? EngineFault => engine.Fault;

    /// <summary>Why the audit log cannot be written; null while it can.</summary>
    public string? AuditFault => audit.Fault;

    /// <summary>Why no grant can be trusted now; null while they can, or are by choice.</summary>
    public string? ControlFault => control.Fault;

    /// <summary>Why some calls at least are refused for want of the control store; null while none are.</summary>
    public string? ControlStale => control.Stale;

    /// <summary>Whether calls without limits go on by what was last known, as was chosen.</summary>
    public bool ServesLastKnown => control.ServesLastKnown;

    /// <summary>Why <c>/readyz</c> says that this process should get no traffic; null when it should.</summary>
    public string? Unready
    {
        get
        {
            if (Problem is not { } problem)
            {
                _hasDecided = true;
                return null;
            }

            // Other processes may do better where the fault is of this one: its clock, its disk, its end.
            var isShared = !IsDraining && audit.Fault is null && engine.IsClockTrusted;
            return options.ReadyWhileStoreAway && _hasDecided && isShared ? null : problem;
        }
    }

    /// <summary>Why calls, or those with limits, cannot be decided now; null while they can.</summary>
    public string? Problem =>
        IsDraining ? "the gateway is shutting down"
        : engine.Fault is { } fault && !GoesOnWithout ? $"the limit engine cannot decide: {fault}"
        : control.Fault is { } stale ? stale
        : audit.Fault is { } unwritten ? $"the audit log cannot be written: {unwritten}"
        : null;

    /// <summary>
    /// A store that is lost takes the counters with it; calls without limits go on, where that was chosen.
    /// </summary>
    private bool GoesOnWithout => control.ServesLastKnown && engine.IsClockTrusted;
}
