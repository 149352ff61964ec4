using Gateway.Audit.Writing;
using Microsoft.Extensions.Hosting;

namespace Gateway.Control.Health;

/// <summary>
/// The readiness of this process to decide calls, with the reason if it cannot; it denies every call that it cannot
/// decide.
/// </summary>
public sealed class Readiness(
    AuditLog audit, IEngineHealth engine, ControlLoss control, IHostApplicationLifetime lifetime,
    StoreLossOptions options)
{
    private volatile bool _hasDecided;

    /// <summary>True once the process was asked to stop.</summary>
    public bool IsDraining => Draining.IsCancellationRequested;

    /// <summary>Canceled once the process was asked to stop: streams that would stay open end, calls finish.</summary>
    public CancellationToken Draining => lifetime.ApplicationStopping;

    /// <summary>The reason why limits cannot be counted now; null while they can.</summary>
    public string? EngineFault => engine.Fault;

    /// <summary>The reason why the audit log cannot be written; null while it can.</summary>
    public string? AuditFault => audit.Fault;

    /// <summary>The reason why no grant can be trusted now; null while they can be, or are trusted by choice.</summary>
    public string? ControlFault => control.Fault;

    /// <summary>
    /// The reason why at least some calls are refused for lack of the control store; null while none are.
    /// </summary>
    public string? ControlStale => control.Stale;

    /// <summary>True if calls without limits go on with the last known state, as the operator chose.</summary>
    public bool ServesLastKnown => control.ServesLastKnown;

    /// <summary>
    /// The reason why <c>/readyz</c> reports that this process should get no traffic; null if it should.
    /// </summary>
    public string? Unready
    {
        get
        {
            if (Problem is not { } problem)
            {
                _hasDecided = true;
                return null;
            }

            // Other processes may do better if the fault is local to this one: its clock, its disk, its shutdown.
            var isShared = !IsDraining && audit.Fault is null && engine.IsClockTrusted;
            return options.ReadyWhileStoreAway && _hasDecided && isShared ? null : problem;
        }
    }

    /// <summary>The reason why calls, or those with limits, cannot be decided now; null while they can.</summary>
    public string? Problem =>
        IsDraining ? "the gateway is shutting down"
        : engine.Fault is { } fault && !GoesOnWithout ? $"the limit engine cannot decide: {fault}"
        : control.Fault is { } stale ? stale
        : audit.Fault is { } unwritten ? $"the audit log cannot be written: {unwritten}"
        : null;

    /// <summary>
    /// True if calls without limits go on although a lost store takes the counters with it, because that was chosen.
    /// </summary>
    private bool GoesOnWithout => control.ServesLastKnown && engine.IsClockTrusted;
}
