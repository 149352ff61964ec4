namespace Gateway.Policy.Rules;

/// <summary>Which list a condition stands in.</summary>
internal enum ConditionUse
{
    /// <summary><c>require</c>: the call is denied unless it holds.</summary>
    Require,

    /// <summary><c>deny_if</c>: the call is denied where it holds.</summary>
    DenyIf,

    /// <summary><c>approve_if</c>: a person is asked where it holds, or where it cannot be told.</summary>
    ApproveIf,
}
