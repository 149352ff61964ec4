namespace Gateway.Policy.Classes;

/// <summary>
/// The class of a tool that a person accepted together with its definition. The caller determines it; a policy's
/// <c>classes</c> have a rule for each.
/// </summary>
public enum ToolClass
{
    /// <summary>No class is accepted: the tool is unknown, new or changed, or its class is uncertain.</summary>
    Uncertain,

    /// <summary>It reads and changes nothing.</summary>
    Read,

    /// <summary>It creates or changes something that can be undone, or sends a message.</summary>
    Write,

    /// <summary>It runs, starts, stops or signs in.</summary>
    Execute,

    /// <summary>It deletes something.</summary>
    Destructive,

    /// <summary>It moves money, or commits someone to pay.</summary>
    Financial,

    /// <summary>It returns a credential, a token or values of the environment to the agent.</summary>
    Secret,
}

/// <summary>The names of classes in documents.</summary>
public static class ToolClasses
{
    private static readonly string[] Written =
        ["uncertain", "Read", "Write", "Execute", "Destructive", "Financial", "Secret"];

    /// <summary>The names, in the order of <see cref="ToolClass"/>.</summary>
    public static IReadOnlyList<string> Names => Written;

    /// <summary>Returns the name of a class.</summary>
    public static string NameOf(ToolClass toolClass) => Written[(int)toolClass];

    /// <summary>Returns the class of a name, whose case matters; null if there is none.</summary>
    public static ToolClass? Of(string? name) =>
        Array.IndexOf(Written, name) is >= 0 and var index ? (ToolClass)index : null;
}
