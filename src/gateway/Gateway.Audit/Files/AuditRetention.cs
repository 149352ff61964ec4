using System.Globalization;
using Gateway.Policy.Text;

namespace Gateway.Audit.Files;

/// <summary>Limits on how long and how much of the log is kept; the first limit that is reached applies.</summary>
public sealed record AuditRetention
{
    /// <summary>Age at which a file is deleted; null keeps files as long as there is room.</summary>
    public TimeSpan? Age { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Maximum bytes of all files, at least 1 MiB; null uses <see cref="VolumeShare"/> of the volume.
    /// </summary>
    public long? BytesMax { get; init; }

    /// <summary>Default share of the volume that the files may take, as a fraction of 1.</summary>
    public const double VolumeShare = 0.25;

    /// <summary>Minimum of <see cref="BytesMax"/>.</summary>
    public const long BytesMaxLeast = 1024 * 1024;

    /// <summary>
    /// True denies calls once <see cref="BytesMax"/> is reached, until files are moved away; false deletes the oldest
    /// files.
    /// </summary>
    public bool DeniesWhenFull { get; init; }

    /// <summary>Parses an operator's settings; null leaves a setting at its default.</summary>
    /// <param name="age">A duration such as <c>30d</c>, or <c>never</c>.</param>
    /// <param name="bytes">
    /// A number of bytes, or a number with <c>MB</c>, <c>GB</c> or <c>TB</c> (powers of ten).
    /// </param>
    /// <param name="onFull"><c>rotate</c> or <c>deny</c>.</param>
    /// <exception cref="FormatException">A value is not valid; the message says what to write.</exception>
    public static AuditRetention Parse(string? age, string? bytes, string? onFull)
    {
        var retention = new AuditRetention();
        return retention with
        {
            Age = age is null ? retention.Age : ReadAge(age),
            BytesMax = bytes is null ? null : ReadBytes(bytes),
            DeniesWhenFull = onFull switch
            {
                null or "rotate" => false,
                "deny" => true,
                _ => throw new FormatException(
                    $"\"{onFull}\" is not an action for a full audit log: write rotate or deny"),
            },
        };
    }

    /// <summary>Returns the problem with an operator's settings, or null if <see cref="Parse"/> accepts them.</summary>
    public static string? Problem(string? age, string? bytes)
    {
        try
        {
            Parse(age, bytes, null);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    private static TimeSpan? ReadAge(string text) =>
        text == "never" ? null
        : WrittenTime.TryLength(text, out var age) ? age
        : throw new FormatException(
            $"\"{text}\" is not a valid age of audit records: write a length such as 30d, or never");

    private static long ReadBytes(string text)
    {
        var unit = text.Length > 2 ? text[^2..] : "";
        var factor = unit switch { "MB" => 1_000_000L, "GB" => 1_000_000_000L, "TB" => 1_000_000_000_000L, _ => 1L };
        var number = factor == 1 ? text : text[..^2];
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n <= long.MaxValue / factor && n * factor >= BytesMaxLeast
            ? n * factor
            : throw new FormatException(
                $"\"{text}\" is not a valid size of an audit log: write 500MB, 20GB or a number of bytes, "
                + "at least 1048576");
    }
}
