using System.CommandLine;
using System.Globalization;
using Gateway.Audit.Arguments;
using Gateway.Control.Options;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Options;

/// <summary>The options of recorded argument values.</summary>
internal static class ArgumentOptions
{
    private const string AgeName = nameof(RecordedArgumentsOptions.AgeMax);
    private const int MebibytesMax = 1 << 20;
    private static readonly RecordedArgumentsOptions Default = new();
    private static readonly TimeSpan AgeLeast = OptionRange.Shortest<RecordedArgumentsOptions>(AgeName);
    private static readonly TimeSpan AgeMost = OptionRange.Longest<RecordedArgumentsOptions>(AgeName);

    /// <summary>The age; a replay of a data directory needs it too.</summary>
    public static readonly Option<string?> Age = Setting.Text(
        "--arguments-age", "LENGTH",
        "How long recorded argument values can be read: a length such as 90d, from 1m to 400d. A shorter age than "
            + "before deletes older values at the start.",
        string.Create(CultureInfo.InvariantCulture, $"{Default.AgeMax.TotalDays}d"),
        static text => WrittenTime.TryLength(text, out var age) && age >= AgeLeast && age <= AgeMost ? null
            : $"\"{text}\" is not a valid age of recorded arguments: write a length such as 90d, from 1m to 400d");

    private static readonly Option<int?> Mebibytes = Setting.Count(
        "--arguments-max", "MIB",
        "Maximum size of all recorded argument values. When it is exceeded, the oldest values are deleted, even if "
        + "they are younger than --arguments-age.",
        (int)(Default.BytesMax >> 20), 1, " MiB", MebibytesMax);

    public static void AddTo(Command command)
    {
        command.Options.Add(Age);
        command.Options.Add(Mebibytes);
    }

    public static RecordedArgumentsOptions Of(ParseResult parsed) => new()
    {
        AgeMax = AgeOf(parsed),
        BytesMax = parsed.GetValue(Mebibytes)!.Value * 1024L * 1024,
    };

    public static TimeSpan AgeOf(ParseResult parsed) =>
        WrittenTime.TryLength(parsed.GetValue(Age)!, out var age) ? age : throw new FormatException("is not an age");
}
