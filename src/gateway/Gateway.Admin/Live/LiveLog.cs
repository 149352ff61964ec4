using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Audit.Evidence;

namespace Gateway.Admin.Live;

/// <summary>
/// The newest decisions of one gateway's log, as it follows it and as it puts them where others see them.
/// </summary>
internal sealed record LiveLog
{
    private const int KeyLength = 8;
    private const int WriterLengthMax = 64;
    private const int NameLengthMax = 256;

    /// <summary>Whose log it is: the same over restarts.</summary>
    public required string Writer { get; init; }

    /// <summary>The machine's name.</summary>
    public required string Name { get; init; }

    /// <summary>When the process began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it was put, by its own clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The place from which on it has everything, or says what it passed over.</summary>
    public required LogPlace From { get; init; }

    /// <summary>What is behind this place was decided since somebody looks.</summary>
    public required LogPlace Began { get; init; }

    /// <summary>The place up to which it goes.</summary>
    public required LogPlace To { get; init; }

    /// <summary>In the order of the log.</summary>
    public required ImmutableArray<LiveMark> Marks { get; init; }

    /// <summary>The time of looking in which it was put, by its first round.</summary>
    public long Session { get; init; }

    /// <summary>Whether the process ended in order: nothing comes any more.</summary>
    public bool Ended { get; init; }

    /// <summary>What stands for the log in the id of an event.</summary>
    [JsonIgnore]
    public string Key => KeyOf(Writer);

    /// <summary>False for what no gateway of a known release puts: its words go into answers.</summary>
    [JsonIgnore]
    public bool IsSound => Writer.Length is >= KeyLength and <= WriterLengthMax && Writer.All(char.IsAsciiLetterOrDigit)
        && Name.Length is > 0 and <= NameLengthMax && !Marks.IsDefault && Marks.Length <= DecisionFeed.MarksMax
        && Marks.All(static mark => mark.Record is null or { ValueKind: JsonValueKind.Object });

    /// <summary>What stands for a writer's log in the id of an event.</summary>
    public static string KeyOf(string writer) => writer[..Math.Min(KeyLength, writer.Length)];

    /// <summary>The decisions behind a place, and whether there were others.</summary>
    public (List<JsonElement> Records, bool IsSampled) Since(LogPlace place)
    {
        var marks = Marks.Where(mark => mark.At >= place).ToList();
        return ([.. marks.Select(static mark => mark.Record).OfType<JsonElement>()],
            place < From || marks.Any(static mark => mark.Record is null));
    }
}
