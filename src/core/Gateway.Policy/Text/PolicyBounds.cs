namespace Gateway.Policy.Text;

/// <summary>The bounds of a policy document and of what it judges.</summary>
public static class PolicyBounds
{
    /// <summary>Bytes of one document; a larger one is refused unread.</summary>
    public const int DocumentBytesMax = 16 * 1024 * 1024;

    /// <summary>Levels of arrays and objects in a document.</summary>
    public const int DocumentDepthMax = 64;

    /// <summary>Levels of arrays and objects in the arguments of a call that rules look into.</summary>
    public const int ArgumentsDepthMax = 128;

    /// <summary>UTF-16 units of a name or pattern as written in a document.</summary>
    public const int PatternLengthMax = 512;

    /// <summary>UTF-16 units of a tool name, prompt name or URI in a call; a longer one is denied unjudged.</summary>
    public const int NameLengthMax = 8192;

    /// <summary>Retries with the input that a server asked for which go free after a counted call, at most.</summary>
    public const int RoundsMax = 16;

    /// <summary>Those that do where the entry does not say.</summary>
    public const int RoundsDefault = 3;

    /// <summary>The most that a <c>max_in_flight</c> may say.</summary>
    public const int InFlightMax = 1000;

    /// <summary>Paths of one <c>by</c>.</summary>
    public const int ByPathsMax = 2;

    /// <summary>UTF-8 bytes of a value that is counted apart; a call with a longer one is denied.</summary>
    public const int ByValueBytesMax = 512;

    /// <summary>Values that a limit with <c>by</c> counts in one window, where it does not say.</summary>
    public const int KeysMaxDefault = 10_000;

    /// <summary>The most that it may say.</summary>
    public const int KeysMaxMost = 1_000_000;

    /// <summary>Shares of one <c>notify_at</c>.</summary>
    public const int NotifySharesMax = 8;

    /// <summary>
    /// Steps of about a tenth of a microsecond that judging the arguments of one call may take; one that takes more is
    /// denied. It is enough for 4 MiB under rules as people write them.
    /// </summary>
    public const int JudgingStepsMax = 4_000_000;

    /// <summary>The same for judging one message of a server, where <c>results</c> stands.</summary>
    public const int ResultStepsMax = 8_000_000;

    /// <summary>
    /// The same for judging one resource URI or template in all its spellings. It is enough for thousands of patterns
    /// over a URI of a hundred characters.
    /// </summary>
    public const int UriStepsMax = 400_000;

    /// <summary>Calls that the tests of one document, or of the file beside it, make in all.</summary>
    public const int TestCallsMax = 100_000;

    /// <summary>Paths of one <c>record_arguments</c>.</summary>
    public const int RecordedPathsMax = 64;

    /// <summary>Bytes that are kept of one call's argument values; of a call with more none are.</summary>
    public const int RecordedBytesMax = 4096;

    /// <summary>Bytes of a call's arguments that are read to keep some of them; of a call with more none are.</summary>
    public const int RecordedReadMax = 256 * 1024;

    /// <summary>Values of one named list.</summary>
    public const int ListValuesMax = 100_000;

    /// <summary>Bytes of one value of a named list; all together are bounded as a control document is.</summary>
    public const int ListValueBytesMax = 512;

    /// <summary>Problems reported of one document.</summary>
    public const int ProblemsMax = 1000;
}
