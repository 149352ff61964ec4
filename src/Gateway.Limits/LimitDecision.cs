using System.Diagnostics.CodeAnalysis;

namespace Gateway.Limits;

/// <summary>A permit, or the refusal that says why not: never both, never neither.</summary>
public readonly record struct LimitDecision
{
    private LimitDecision(Permit? permit, LimitRefusal? refusal)
    {
        Permit = permit;
        Refusal = refusal;
    }

    /// <summary>What was taken, when admitted.</summary>
    public Permit? Permit { get; }

    /// <summary>Why nothing was taken, when refused.</summary>
    public LimitRefusal? Refusal { get; }

    /// <summary>True if every cost was taken.</summary>
    [MemberNotNullWhen(true, nameof(Permit))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAdmitted => Permit is not null;

    /// <summary>Every cost was taken.</summary>
    public static LimitDecision Admit(Permit permit) => new(permit, null);

    /// <summary>Nothing was taken.</summary>
    public static LimitDecision Refuse(LimitRefusal refusal) => new(null, refusal);
}
