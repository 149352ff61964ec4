namespace Gateway.Faults.FailPoints;

/// <summary>Where a gateway ends as by <c>kill -9</c>, and what it may take for true though it is not.</summary>
internal static class Points
{
    /// <summary>A reservation was asked for, and the store has not heard of it.</summary>
    public const string BeforeReserving = "before-reserving";

    /// <summary>The store has said yes, and the counter has not heard it.</summary>
    public const string AfterReserving = "after-reserving";

    /// <summary>The call has its permit, and its decision is not on record.</summary>
    public const string BeforeRecord = "before-record";

    /// <summary>The permit is spent and the call on its way; nothing of an answer was read.</summary>
    public const string BeforeAnswer = "before-answer";

    /// <summary>
    /// It takes itself for the only owner of every counter: takes blocks, reads ahead, and believes what it saw last.
    /// </summary>
    public const string SoleOwner = "sole-owner";

    /// <summary>As <see cref="SoleOwner"/>, over a store whose last writer wins: no promise holds.</summary>
    public const string LastWriterWins = "last-writer-wins";

    /// <summary>A journal that says yes and writes nothing: no promise holds.</summary>
    public const string NeverWritten = "never-written";

    /// <summary>Those at which a gateway may be killed, and keeps its promise.</summary>
    public static IReadOnlyList<string> OfDeath { get; } =
        [BeforeReserving, AfterReserving, BeforeRecord, BeforeAnswer];
}
