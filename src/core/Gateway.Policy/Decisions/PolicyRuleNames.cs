namespace Gateway.Policy.Decisions;

/// <summary>Names of the rules that stand in no document.</summary>
public static class PolicyRuleNames
{
    /// <summary>The grant has no policy on this server.</summary>
    public const string NoPolicy = "(no policy)";

    /// <summary>The tool is hidden.</summary>
    public const string Hidden = "(hidden)";

    /// <summary>The tool's definition is none that somebody accepted.</summary>
    public const string NotAccepted = "(not accepted)";

    /// <summary>No entry names it and the document's default denies.</summary>
    public const string DefaultDeny = "(default deny)";

    /// <summary>No entry names it and the document's default allows.</summary>
    public const string DefaultAllow = "(default allow)";

    /// <summary>The limits could not be asked; a caller decides this, never the policy.</summary>
    public const string EngineUnavailable = "(engine unavailable)";

    /// <summary>
    /// What frontends share could not be reached, so a revoked grant could not be told from a good one; a caller
    /// decides this, never the policy.
    /// </summary>
    public const string ControlUnavailable = "(control unavailable)";

    /// <summary>A message that the protocol itself needs: initialize, ping, lists, notifications.</summary>
    public const string Protocol = "(protocol)";

    /// <summary>A method that no gateway can pass on safely.</summary>
    public const string MethodNotFound = "(method not found)";

    /// <summary>The message names nothing that could be judged.</summary>
    public const string Unnamed = "(unnamed)";

    /// <summary>Readers could take the URI for different resources.</summary>
    public const string AmbiguousUri = "(ambiguous URI)";

    /// <summary>A member of the arguments could be taken for one that a rule reads.</summary>
    public const string AmbiguousArgument = "(ambiguous argument)";

    /// <summary>The name of the tool looks like that of another one, or has characters that nobody sees.</summary>
    public const string AmbiguousTool = "(ambiguous tool)";

    /// <summary>The name of the prompt looks like that of another one, or has characters that nobody sees.</summary>
    public const string AmbiguousPrompt = "(ambiguous prompt)";

    /// <summary>The gateway's own resource, of which the policy does not say that it is shown.</summary>
    public const string LimitsNotShown = "(limits not shown)";

    /// <summary>The limit counts by value, and as many values as may be were there in this window.</summary>
    public const string TooManyValues = "(too many values)";

    /// <summary>The arguments are no JSON object that has one meaning.</summary>
    public const string UnreadableArguments = "(unreadable arguments)";
}
