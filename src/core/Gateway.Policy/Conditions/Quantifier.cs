namespace Gateway.Policy.Conditions;

/// <summary>The meaning of <c>[*]</c>, which <c>not</c> reverses.</summary>
internal enum Quantifier
{
    /// <summary>Under <c>require</c>: every element, and at least one exists.</summary>
    Every,

    /// <summary>Under <c>deny_if</c>: at least one element.</summary>
    Any,
}
