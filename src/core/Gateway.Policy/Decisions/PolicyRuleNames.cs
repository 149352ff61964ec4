namespace Gateway.Policy.Decisions;

/// <summary>Names of the built-in rules, which no document contains.</summary>
public static class PolicyRuleNames
{
    /// <summary>The grant has no policy on this server.</summary>
    public const string NoPolicy = "(no policy)";

    /// <summary>The tool is hidden.</summary>
    public const string Hidden = "(hidden)";

    /// <summary>Nobody has accepted the tool's definition.</summary>
    public const string NotAccepted = "(not accepted)";

    /// <summary>No class of the tool is accepted, and the policy's classes have no rule for such a tool.</summary>
    public const string UncertainClass = "(uncertain class)";

    /// <summary>No entry matches and the document's default denies.</summary>
    public const string DefaultDeny = "(default deny)";

    /// <summary>No entry matches and the document's default allows.</summary>
    public const string DefaultAllow = "(default allow)";

    /// <summary>The limits could not be reached. A caller makes this decision, never the policy.</summary>
    public const string EngineUnavailable = "(engine unavailable)";

    /// <summary>
    /// The state shared by frontends could not be reached, so a revoked grant could not be distinguished from a valid
    /// one. A caller makes this decision, never the policy.
    /// </summary>
    public const string ControlUnavailable = "(control unavailable)";

    /// <summary>A message that the protocol requires: initialize, ping, lists, notifications.</summary>
    public const string Protocol = "(protocol)";

    /// <summary>A method that no gateway can forward safely.</summary>
    public const string MethodNotFound = "(method not found)";

    /// <summary>A message about a task of a tool that the policy allows.</summary>
    public const string Task = "(task)";

    /// <summary>An operator paused the tool. The gateway makes this decision, never the policy.</summary>
    public const string Paused = "(paused)";

    /// <summary>No task of the caller has the id. A caller makes this decision, never the policy.</summary>
    public const string UnknownTask = "(unknown task)";

    /// <summary>The message names nothing that could be evaluated.</summary>
    public const string Unnamed = "(unnamed)";

    /// <summary>Readers could interpret the URI as different resources.</summary>
    public const string AmbiguousUri = "(ambiguous URI)";

    /// <summary>A member of the arguments could be mistaken for one that a rule reads.</summary>
    public const string AmbiguousArgument = "(ambiguous argument)";

    /// <summary>The name of the tool looks like another name, or contains invisible characters.</summary>
    public const string AmbiguousTool = "(ambiguous tool)";

    /// <summary>The name of the prompt looks like another name, or contains invisible characters.</summary>
    public const string AmbiguousPrompt = "(ambiguous prompt)";

    /// <summary>A read of the gateway's own resource, which the policy does not enable.</summary>
    public const string LimitsNotShown = "(limits not shown)";

    /// <summary>The limit counts by value, and the window has reached its maximum number of values.</summary>
    public const string TooManyValues = "(too many values)";

    /// <summary>The arguments are not a JSON object with a single meaning.</summary>
    public const string UnreadableArguments = "(unreadable arguments)";
}
