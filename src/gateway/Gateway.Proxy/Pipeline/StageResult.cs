using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Pipeline;

/// <summary>
/// The output of a stage, which is the input of the next one, or the reason why the next one does not run.
/// </summary>
internal readonly struct StageResult<TOutput>
{
    private readonly TOutput? _output;
    private readonly StageEnd? _end;

    private StageResult(TOutput? output, StageEnd? end) => (_output, _end) = (output, end);

    public static implicit operator StageResult<TOutput>(TOutput output) => new(output, null);

    public static implicit operator StageResult<TOutput>(StageEnd end) => new(default, end);

    /// <summary>Tries to get the output; otherwise gets the reason for its absence.</summary>
    public bool TryGetOutput([MaybeNullWhen(false)] out TOutput output, out StageEnd end)
    {
        (output, end) = (_output, _end ?? StageEnd.Finished);
        return _end is null;
    }

    /// <summary>Tries to get the output.</summary>
    public bool TryGetOutput([MaybeNullWhen(false)] out TOutput output) => TryGetOutput(out output, out _);
}

/// <summary>The reason why a call does not proceed to the next stage.</summary>
internal sealed record StageEnd
{
    /// <summary>The response has been written.</summary>
    public static StageEnd Finished { get; } = new();

    /// <summary>The reason for a refusal, or for the refusal after the last attempt.</summary>
    public Refusal? Refusal { get; private init; }

    /// <summary>The limit that had no room, as the engine reports it.</summary>
    public LimitRefusal? Limit { get; private init; }

    /// <summary>The costs to which <see cref="Limit"/> refers.</summary>
    public ImmutableArray<DecisionCost> Costs { get; private init; } = [];

    /// <summary>The call to try again from its approval, a bounded number of times.</summary>
    public PricedCall? ToApproval { get; private init; }

    /// <summary>The attempt after which the call is tried again from its limits, a bounded number of times.</summary>
    public AdmittedCall? ToLimits { get; private init; }

    /// <summary>The limit without room for which the call may wait; null if it may not wait.</summary>
    public LackingRoom? Lacking { get; private init; }

    public static StageEnd Refuse(Refusal refusal, LackingRoom? lacking = null) =>
        new() { Refusal = refusal, Lacking = lacking };

    /// <summary>Refuses a call because a limit has no room for it.</summary>
    public static StageEnd Refuse(
        ImmutableArray<DecisionCost> costs, LimitRefusal limit, long? retryAfterMs, LackingRoom? lacking = null) =>
        new() { Refusal = Refusal.Of(costs, limit, retryAfterMs), Limit = limit, Costs = costs, Lacking = lacking };

    /// <summary>Tries a call again from its approval.</summary>
    /// <param name="call">The call.</param>
    /// <param name="atLast">The refusal after the last attempt.</param>
    public static StageEnd AgainFrom(PricedCall call, Refusal atLast) => new() { ToApproval = call, Refusal = atLast };

    /// <summary>Tries a call again from its limits.</summary>
    /// <param name="before">The attempt that did not reach the server.</param>
    /// <param name="atLast">The refusal after the last attempt.</param>
    public static StageEnd AgainFrom(AdmittedCall before, Refusal atLast) =>
        new() { ToLimits = before, Refusal = atLast };
}

/// <summary>
/// One step of a message through the gateway. Its types fix its place: its input is the output of the previous step.
/// </summary>
internal interface IStage<in TInput, TOutput>
{
    /// <summary>Runs the stage. An <see cref="OperationCanceledException"/> passes if the agent has left.</summary>
    ValueTask<StageResult<TOutput>> RunAsync(TInput input);
}

/// <summary>A limit without room for a call.</summary>
/// <param name="Cost">The cost of the call on the limit.</param>
/// <param name="ResetMs">The time in Unix milliseconds at which there is room; 0 if unknown.</param>
internal sealed record LackingRoom(DecisionCost Cost, long ResetMs);
