namespace Gateway.Policy.Conditions;

/// <summary>What a condition comes to.</summary>
internal enum TriState
{
    False,
    True,

    /// <summary>
    /// A comparison could not be made. It wins over everything around it and denies the call: never let through what
    /// was not understood.
    /// </summary>
    Incomparable,
}
