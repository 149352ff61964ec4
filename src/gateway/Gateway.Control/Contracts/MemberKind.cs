namespace Gateway.Control.Contracts;

/// <summary>The kinds of value that a member can have.</summary>
public enum MemberKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>One of a few strings.</summary>
    Choice,

    /// <summary>A boolean; false means the same as absent.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>An array of strings.</summary>
    List,

    /// <summary>An object whose members are named by the operator and whose values are strings.</summary>
    Map,

    /// <summary>An object whose members are named by the operator and whose values are whole numbers.</summary>
    WholeMap,

    /// <summary>An object with declared members.</summary>
    Object,

    /// <summary>A value with a reader of its own.</summary>
    Json,
}
