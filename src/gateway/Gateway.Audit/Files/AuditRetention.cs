using System.Globalization;
using Gateway.Policy.Text;

namespace Gateway.Audit.Files;

/// <summary>How much of the record is kept: what ends first, age or bytes.</summary>
public sealed record AuditRetention
{
    /// <summary>The age at which a file is deleted; null keeps it while there is room.</summary>
    public TimeSpan? Age { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// The most that all files take, in bytes, 1 MiB or more; null takes <see cref="VolumeShare"/> of the volume.
    /// </summary>
    public long? BytesMax { get; init; }

    /// <summary>What the files take of their volume where nothing is said, as a part of 1.</summary>
    public const double VolumeShare = 0.25;

    /// <summary>The least that <see cref="BytesMax"/> may be.</summary>
    public const long BytesMaxLeast = 1024 * 1024;

    /// <summary>
    /// True denies calls once <see cref="BytesMax"/> is reached, until files are moved away; false deletes the oldest.
    /// </summary>
    public bool DeniesWhenFull { get; init; }

    /// <summary>Reads what an operator wrote; what is null stays as it is by default.</summary>
    /// <param name="age">A length such as <c>30d</c>, or <c>never</c>.</param>
    /// <param name="bytes">A number of bytes, or with <c>MB</c>, <c>GB</c>, <c>TB</c> (powers of ten).</param>
    /// <param name="onFull"><c>rotate</c> or <c>deny</c>.</param>
    /// <exception cref="FormatException">One is none of these; the message says what to write.</exception>
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
                    $"\"{onFull}\" is not what an audit log does when it is full: write rotate or deny"),
            },
        };
    }

    /// <summary>What is wrong with what an operator wrote; null where <see cref="Parse"/> reads it.</summary>
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
        : throw new FormatException($"\"{text}\" is no age of audit records: write a length such as 30d, or never");

    private static long ReadBytes(string text)
    {
        var unit = text.Length > 2 ? text[^2..] : "";
        var factor = unit switch { "MB" => 1_000_000L, "GB" => 1_000_000_000L, "TB" => 1_000_000_000_000L, _ => 1L };
        var number = factor == 1 ? text : text[..^2];
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n <= long.MaxValue / factor && n * factor >= BytesMaxLeast
            ? n * factor
            : throw new FormatException(
                $"\"{text}\" is no size of an audit log: write 500MB, 20GB or a number of bytes, at least 1048576");
    }
}
