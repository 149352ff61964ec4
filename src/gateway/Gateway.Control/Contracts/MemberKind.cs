namespace Gateway.Control.Contracts;

/// <summary>The kinds of value that a member can have.</summary>
public enum MemberKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>One of a few strings.</summary>
    Choice,

    /// <summary>An object whose members are named by the operator and whose values are strings.</summary>
    Map,

    /// <summary>An object with a reader of its own.</summary>
    Json,
}
