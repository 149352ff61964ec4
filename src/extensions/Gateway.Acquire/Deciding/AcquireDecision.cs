using Gateway.Acquire.Messages;
using Gateway.Limits.Model;

namespace Gateway.Acquire.Deciding;

/// <summary>A decision, or the problem that prevented it.</summary>
internal readonly record struct AcquireDecision(AcquireAnswer? Answer, AcquireProblem? Problem)
{
    /// <summary>The limit that had no room, for the audit record.</summary>
    public LimitRefusal? Refusal { get; init; }

    public static implicit operator AcquireDecision(AcquireAnswer answer) => new(answer, null);

    public static implicit operator AcquireDecision(AcquireProblem problem) => new(null, problem);
}
