namespace Gateway.Policy.Conditions;

/// <summary>The truth tables: <see cref="TriState.Incomparable"/> is never hidden by the other side.</summary>
internal static class TriStateTable
{
    public static TriState Of(bool value) => value ? TriState.True : TriState.False;

    public static TriState And(TriState left, TriState right) =>
        left == TriState.Incomparable || right == TriState.Incomparable ? TriState.Incomparable
        : Of(left == TriState.True && right == TriState.True);

    public static TriState Or(TriState left, TriState right) =>
        left == TriState.Incomparable || right == TriState.Incomparable ? TriState.Incomparable
        : Of(left == TriState.True || right == TriState.True);

    public static TriState Not(TriState value) => value switch
    {
        TriState.True => TriState.False,
        TriState.False => TriState.True,
        _ => TriState.Incomparable,
    };
}

/// <summary>The result of a condition.</summary>
internal enum TriState
{
    False,
    True,

    /// <summary>
    /// A comparison could not be made. This result overrides everything around it and denies the call: a call that was
    /// not understood never passes.
    /// </summary>
    Incomparable,
}
