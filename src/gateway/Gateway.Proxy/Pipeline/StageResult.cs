using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;

namespace Gateway.Proxy.Pipeline;

/// <summary>Where a call goes from a stage: on, to its end, back, or to its refusal.</summary>
internal readonly record struct StageResult
{
    /// <summary>To the next stage.</summary>
    public static StageResult Next => default;

    /// <summary>Nowhere: the call was answered.</summary>
    public static StageResult Done => new() { IsDone = true };

    /// <summary>Whether the call was answered.</summary>
    public bool IsDone { get; private init; }

    /// <summary>The stage that it goes back to, an earlier one; null where it does not.</summary>
    public StageNumber? Back { get; private init; }

    /// <summary>Why it is refused; with <see cref="Back"/>, why it is once it has gone back too often.</summary>
    public Refusal? Refusal { get; private init; }

    /// <summary>What the engine says of the limit that had no room.</summary>
    public LimitRefusal? Limit { get; private init; }

    /// <summary>The call goes no further.</summary>
    public static StageResult Refuse(Refusal refusal) => new() { Refusal = refusal };

    /// <summary>The same, for want of room.</summary>
    public static StageResult Refuse(ImmutableArray<DecisionCost> costs, LimitRefusal limit, long? retryAfterMs) =>
        new() { Refusal = Refusal.Of(costs, limit, retryAfterMs), Limit = limit };

    /// <summary>The call tries again from an earlier stage, a bounded number of times.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="atLast">The refusal after the last time.</param>
    public static StageResult BackTo(StageNumber stage, Refusal atLast) => new() { Back = stage, Refusal = atLast };
}

/// <summary>The output of a stage; none if the request has its response already.</summary>
internal readonly struct StageResult<TOutput>
{
    private readonly bool _hasOutput;
    private readonly TOutput? _output;

    private StageResult(TOutput output) => (_hasOutput, _output) = (true, output);

    /// <summary>The response has been written, and no further stage runs.</summary>
    public static StageResult<TOutput> Finished => default;

    public static implicit operator StageResult<TOutput>(TOutput output) => new(output);

    public bool TryGetOutput([MaybeNullWhen(false)] out TOutput output)
    {
        output = _output;
        return _hasOutput;
    }
}

/// <summary>
/// One step of a message through the gateway. Its types fix its place: it takes the output of the previous one.
/// </summary>
internal interface IStage<in TInput, TOutput>
{
    /// <summary>Runs the stage. An <see cref="OperationCanceledException"/> passes if the agent has left.</summary>
    ValueTask<StageResult<TOutput>> RunAsync(TInput input);
}
