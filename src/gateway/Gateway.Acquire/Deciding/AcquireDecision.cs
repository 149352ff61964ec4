using Gateway.Acquire.Messages;

namespace Gateway.Acquire.Deciding;

/// <summary>An answer, or why there is none.</summary>
internal readonly record struct AcquireDecision(AcquireAnswer? Answer, AcquireProblem? Problem)
{
    public static implicit operator AcquireDecision(AcquireAnswer answer) => new(answer, null);

    public static implicit operator AcquireDecision(AcquireProblem problem) => new(null, problem);
}
