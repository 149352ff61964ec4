namespace Gateway.Policy.Text;

/// <summary>The bounds of a policy document and of the input that it evaluates.</summary>
public static class PolicyBounds
{
    /// <summary>Maximum size of one document, in bytes; a larger one is refused unread.</summary>
    public const int DocumentBytesMax = 16 * 1024 * 1024;

    /// <summary>Maximum nesting of arrays and objects in a document.</summary>
    public const int DocumentDepthMax = 64;

    /// <summary>Maximum nesting of arrays and objects in the arguments of a call that rules read.</summary>
    public const int ArgumentsDepthMax = 128;

    /// <summary>Maximum length of a name or pattern in a document, in UTF-16 units.</summary>
    public const int PatternLengthMax = 512;

    /// <summary>
    /// Maximum length of a tool name, prompt name or URI in a call, in UTF-16 units; a longer one is denied without
    /// evaluation.
    /// </summary>
    public const int NameLengthMax = 8192;

    /// <summary>Maximum number of free retries with requested input after a counted call.</summary>
    public const int RoundsMax = 16;

    /// <summary>Default number of free retries with requested input.</summary>
    public const int RoundsDefault = 3;

    /// <summary>Maximum number of extensions of MCP in one document.</summary>
    public const int ExtensionsMax = 64;

    /// <summary>Maximum length of the name of an extension, in UTF-16 units.</summary>
    public const int ExtensionLengthMax = 256;

    /// <summary>Maximum value of a <c>max_in_flight</c>.</summary>
    public const int InFlightMax = 1000;

    /// <summary>Maximum number of paths of one <c>by</c>.</summary>
    public const int ByPathsMax = 2;

    /// <summary>
    /// Maximum length of a value that is counted separately, in UTF-8 bytes; a call with a longer one is denied.
    /// </summary>
    public const int ByValueBytesMax = 512;

    /// <summary>Default number of values that a limit with <c>by</c> counts in one window.</summary>
    public const int KeysMaxDefault = 10_000;

    /// <summary>Maximum number of values that a limit with <c>by</c> may set.</summary>
    public const int KeysMaxMost = 1_000_000;

    /// <summary>Maximum number of shares of one <c>notify_at</c>.</summary>
    public const int NotifySharesMax = 8;

    /// <summary>Maximum number of top-ups of one budget.</summary>
    public const int TopUpsMax = 32;

    /// <summary>Maximum length of the reason of a top-up, in UTF-16 units.</summary>
    public const int TopUpReasonMax = 300;

    /// <summary>Maximum number of percentages of the <c>notifyAt</c> of one budget.</summary>
    public const int BudgetNotifyMax = 5;

    /// <summary>
    /// Maximum number of steps, of about a tenth of a microsecond, for evaluating the arguments of one call; one that
    /// needs more is denied. It suffices for 4 MiB under typical rules.
    /// </summary>
    public const int EvaluationStepsMax = 4_000_000;

    /// <summary>
    /// Maximum number of steps for evaluating one message of a server, if the policy has <c>results</c>.
    /// </summary>
    public const int ResultStepsMax = 8_000_000;

    /// <summary>
    /// Maximum number of steps for evaluating one resource URI or template in all its spellings. It suffices for
    /// thousands of patterns over a URI of a hundred characters.
    /// </summary>
    public const int UriStepsMax = 400_000;

    /// <summary>Maximum number of calls in the tests of one document, or of the test file beside it.</summary>
    public const int TestCallsMax = 100_000;

    /// <summary>Maximum number of paths of one <c>record_arguments</c>.</summary>
    public const int RecordedPathsMax = 64;

    /// <summary>
    /// Maximum size of the recorded argument values of one call, in bytes; beyond it none are recorded.
    /// </summary>
    public const int RecordedBytesMax = 4096;

    /// <summary>
    /// Maximum size of a call's arguments to read for recording, in bytes; beyond it none are recorded.
    /// </summary>
    public const int RecordedReadMax = 256 * 1024;

    /// <summary>Maximum number of values of one named list.</summary>
    public const int ListValuesMax = 100_000;

    /// <summary>
    /// Maximum size of one value of a named list, in bytes; the whole list is bounded as a control document is.
    /// </summary>
    public const int ListValueBytesMax = 512;

    /// <summary>Maximum number of problems reported for one document.</summary>
    public const int ProblemsMax = 1000;
}
