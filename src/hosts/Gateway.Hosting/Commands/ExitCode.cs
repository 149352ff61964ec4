namespace Gateway.Hosting.Commands;

/// <summary>The exit codes of every verb.</summary>
internal static class ExitCode
{
    public const int Well = 0;

    /// <summary>The request was valid and its result is negative.</summary>
    public const int No = 1;

    /// <summary>The command line, or a file that it names, is not valid.</summary>
    public const int Usage = 2;

    /// <summary>
    /// A dependency is currently unavailable, such as a gateway, a database, a free port or disk space. The same
    /// command can succeed later, so supervisors may repeat it.
    /// </summary>
    public const int Unreachable = 3;

    /// <summary>There was nothing to compare.</summary>
    public const int Nothing = 4;

    /// <summary>Each code with its meaning, for the manual page.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
    [
        (Well, "The command succeeded, or its check passed."),
        (No, "The gateway refused the request, or the command's check failed."),
        (Usage, "The command line, or a file that the command line names, is not valid."),
        (Unreachable, "Something that the command needs is unavailable. The same command may succeed later."),
        (Nothing, "There was nothing to compare."),
        (Interrupted, "Ctrl-C ended the command."),
        (BrokenPipe, "Nothing read the command's output to its end."),
    ];

    /// <summary>The verb was ended by Ctrl-C: 128 plus the signal's number, by the convention of shells.</summary>
    public const int Interrupted = 130;

    /// <summary>
    /// The reader of standard output has ended: 128 plus the number of SIGPIPE, which ends programs like cat.
    /// </summary>
    public const int BrokenPipe = 141;
}
