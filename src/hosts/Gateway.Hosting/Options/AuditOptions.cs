using System.CommandLine;
using System.Globalization;
using Gateway.Admin.Identity.Records;
using Gateway.Audit.Files;
using Gateway.Audit.Shipping;
using Gateway.Control.Options;
using Gateway.Policy.Text;
using Gateway.Storage.Postgres.Connections;

namespace Gateway.Hosting.Options;

/// <summary>The options of the audit log and the history.</summary>
internal static class AuditOptions
{
    private static readonly TimeSpan HistoryAgeLeast = OptionRange.Shortest<HistoryOptions>(nameof(HistoryOptions.Age));

    private static readonly Option<string?> Age = Setting.Text(
        "--audit-age", "LENGTH",
        "How long audit records are kept: a length such as 90d, or \"never\" to keep them regardless of age.",
        DaysOf(new AuditRetention().Age),
        static text => AuditRetention.Problem(text, null));

    private static readonly Option<string?> HistoryAge = Setting.Text(
        "--history-age", "LENGTH",
        "How long the history of changes and old versions of policies are kept: a length such as 90d, at least 1d, "
            + "or \"never\" to keep them regardless of age. Use the same value for a whole fleet.",
        DaysOf(new HistoryOptions().Age),
        static text => TryAge(text, out _) ? null
            : $"\"{text}\" is not a valid age of the history: write at least 1d, such as 397d, or never");

    private static readonly Option<string?> Bytes = Setting.Text(
        "--audit-bytes", "SIZE",
        "The maximum size of the audit log, such as 500MB or 20GB. By default a quarter of the volume that holds the "
            + "log.", null,
        static text => AuditRetention.Problem(null, text));

    private static readonly Option<string?> OnFull = Setting.Choice(
        "--audit-on-full",
        "When the audit log reaches its maximum size, \"rotate\" deletes the oldest file, and \"deny\" refuses calls "
            + "until files are moved away.",
        "rotate", "rotate", "deny");

    private static readonly Option<string?> RecordSubject = Setting.Choice(
        "--record-subject",
        "\"plain\" records the subjects of callers. \"hashed\" records digests that are made with a key of the "
            + "store; equal subjects have equal digests. Use the same value for a whole fleet.",
        "plain", "plain", "hashed");

    private static readonly Option<string?> KeyFile = Setting.Text(
        "--audit-key", "FILE",
        "The ECDSA P-256 private key that signs checkpoints of the audit log, as PEM. During a rotation, add the "
            + "previous key after it. By default a key is created beside the log.");

    private static readonly Option<string?> Sinks = Setting.Text(
        "--audit-sinks", "FILE",
        "A JSON file with further destinations of audit records; see docs/how-to/collectors.md.", null,
        static text => text.Length == 0 ? null : SinksProblem(text));

    public static void AddTo(Command command)
    {
        foreach (var option in (Option<string?>[])[Age, HistoryAge, Bytes, OnFull, RecordSubject, KeyFile, Sinks])
            command.Options.Add(option);
    }

    public static AuditRetention Of(ParseResult parsed) =>
        AuditRetention.Parse(parsed.GetValue(Age), parsed.GetValue(Bytes), parsed.GetValue(OnFull));

    public static TimeSpan HistoryAgeOf(ParseResult parsed) =>
        TryAge(parsed.GetValue(HistoryAge)!, out var age) ? age : throw new FormatException("is not an age");

    public static bool HashesSubjects(ParseResult parsed) => parsed.GetValue(RecordSubject) == "hashed";

    private static bool TryAge(string text, out TimeSpan age)
    {
        age = TimeSpan.FromDays(WrittenTime.DaysMax);
        return text == "never" || (WrittenTime.TryLength(text, out age) && age >= HistoryAgeLeast);
    }

    private static string DaysOf(TimeSpan? age) =>
        age is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalDays}d") : "never";

    public static IReadOnlyList<AuditSinkOptions> SinksOf(ParseResult parsed) =>
        parsed.GetValue(Sinks) is { Length: > 0 } path ? ReadSinks(path) : [];

    /// <exception cref="FormatException">The file cannot be read; the message says where and what to write.</exception>
    private static IReadOnlyList<AuditSinkOptions> ReadSinks(string path)
    {
        var sinks = AuditSinkFile.Read(path);
        foreach (var sink in sinks.Where(static sink => sink.Kind == AuditSinkKind.Postgres))
        {
            try
            {
                if (PostgresAddress.Parse(sink.Url).HasPassword)
                    throw new FormatException(
                        $"is refused: {path} at /{sink.Name}/url: contains a password; it belongs in a \"token_file\"");
            }
            catch (PostgresStoreException e)
            {
                throw new FormatException($"is refused: {path} at /{sink.Name}/url: {e.Message}", e);
            }
        }

        return sinks;
    }

    private static string? SinksProblem(string path)
    {
        try
        {
            ReadSinks(path);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    public static string? KeyOf(ParseResult parsed) =>
        parsed.GetValue(KeyFile) is { Length: > 0 } path ? Path.GetFullPath(path) : null;
}
