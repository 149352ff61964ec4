namespace Gateway.Policy.Results;

/// <summary>The denial of a response.</summary>
/// <param name="Rule">JSON Pointer into the document, or a built-in name in parentheses.</param>
/// <param name="Reason">One sentence without its period; it contains nothing of the response.</param>
public sealed record ResultDenial(string Rule, string Reason)
{
    /// <summary>The response is not one message that every reader interprets alike.</summary>
    public const string UnreadableRule = "(unreadable result)";

    /// <summary>The response exceeds the bound, or would take too long to evaluate.</summary>
    public const string TooLargeRule = "(result too large)";

    /// <summary>The call of the response is unknown.</summary>
    public const string UnknownCallRule = "(unknown call)";

    /// <summary>A member could be mistaken for one that a rule reads.</summary>
    public const string AmbiguousRule = "(ambiguous result)";

    /// <summary>The response has binary content, which no pattern can search.</summary>
    public const string BinaryRule = "(binary result)";

    /// <summary>The rest after redaction does not fit the tool's <c>outputSchema</c>.</summary>
    public const string NoLongerFitsRule = "(result no longer fits)";

    /// <summary>Tasks would produce a result that belongs to no call.</summary>
    public const string TasksRule = "(tasks with results)";

    /// <summary>Creates the denial of an unreadable response.</summary>
    public static ResultDenial Unreadable(string why) =>
        new(UnreadableRule, $"The server's response cannot be evaluated: {why}");

    internal static readonly ResultDenial TooMuch =
        new(TooLargeRule, "Evaluating the policy's result rules on the server's response "
            + "needs more work than one call may use");

    internal static readonly ResultDenial UnknownCall =
        new(UnknownCallRule, "The server responded to an unknown call, so no rule can evaluate the response");

    internal static readonly ResultDenial Ambiguous =
        new(AmbiguousRule, "The server's response has a member that could be mistaken for a member that a rule reads");

    internal static readonly ResultDenial NoLongerFits =
        new(NoLongerFitsRule, "After the policy's redactions, the response does not fit the tool's own outputSchema");

    /// <summary>Creates the denial of a redacted response that cannot be checked.</summary>
    internal static ResultDenial UncheckedSchema(string problem) => new(NoLongerFitsRule,
        "The policy redacts part of the response, and the gateway cannot check the rest against the tool's "
            + $"outputSchema: {problem}");

    internal static readonly ResultDenial Binary =
        new(BinaryRule, "The server's response has binary content, which cannot be searched");

    /// <summary>Creates the denial of a response that is longer than the bound.</summary>
    public static ResultDenial TooLarge(int bytesMax) =>
        new(TooLargeRule, $"The server's response is longer than the {bytesMax} bytes that can be evaluated");
}
