namespace Gateway.Policy.Conditions;

/// <summary>What <c>[*]</c> asks for: it changes under <c>not</c>.</summary>
internal enum Quantifier
{
    /// <summary>Under <c>require</c>: every element, and there is one.</summary>
    Every,

    /// <summary>Under <c>deny_if</c>.</summary>
    Any,
}
