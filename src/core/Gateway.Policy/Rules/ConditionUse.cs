namespace Gateway.Policy.Rules;

/// <summary>The list that contains a condition.</summary>
internal enum ConditionUse
{
    /// <summary><c>require</c>: the call is denied unless it holds.</summary>
    Require,

    /// <summary><c>deny_if</c>: the call is denied if it holds.</summary>
    DenyIf,

    /// <summary><c>approve_if</c>: a person must approve if it holds, or if it cannot be evaluated.</summary>
    ApproveIf,
}
