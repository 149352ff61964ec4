namespace Gateway.Policy.Conditions;

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
