namespace Gateway.Hosting.Commands;

/// <summary>What every verb returns to the shell.</summary>
internal static class ExitCode
{
    public const int Well = 0;

    /// <summary>The question was understood and the answer is no.</summary>
    public const int No = 1;

    /// <summary>The command line or a file that it names is wrong.</summary>
    public const int Usage = 2;

    /// <summary>
    /// Something that is needed is not there now, such as a gateway, a database, a free port or room on a volume. The
    /// same command can succeed later, so supervisors may repeat it.
    /// </summary>
    public const int Unreachable = 3;

    /// <summary>There was nothing to compare with.</summary>
    public const int Nothing = 4;

    /// <summary>Each code with its meaning, for the manual page.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
    [
        (Well, "Done; or, of a question, yes."),
        (No, "The question was understood, and the answer is no."),
        (Usage, "The command line, or a file that it names, is wrong."),
        (Unreachable, "Something that is needed is not there now: the same command can succeed later."),
        (Nothing, "There was nothing to compare with."),
        (Interrupted, "Ctrl-C ended it."),
    ];

    /// <summary>Ctrl-C ended it: 128 and the signal's number, as shells have it.</summary>
    public const int Interrupted = 130;
}
