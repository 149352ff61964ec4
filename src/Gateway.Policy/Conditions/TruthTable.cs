namespace Gateway.Policy.Conditions;

/// <summary>The truth tables: <see cref="Truth.Incomparable"/> is never hidden by the other side.</summary>
internal static class TruthTable
{
    public static Truth Of(bool value) => value ? Truth.True : Truth.False;

    public static Truth And(Truth left, Truth right) =>
        left == Truth.Incomparable || right == Truth.Incomparable ? Truth.Incomparable
        : Of(left == Truth.True && right == Truth.True);

    public static Truth Or(Truth left, Truth right) =>
        left == Truth.Incomparable || right == Truth.Incomparable ? Truth.Incomparable
        : Of(left == Truth.True || right == Truth.True);

    public static Truth Not(Truth value) => value switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        _ => Truth.Incomparable,
    };
}
