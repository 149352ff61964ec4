using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Audit.Evidence;

namespace Gateway.Admin.Live;

/// <summary>The newest decisions of one gateway's log, in memory and as stored for the other gateways.</summary>
internal sealed record LiveLog
{
    private const int KeyLength = 8;
    private const int WriterLengthMax = 64;
    private const int NameLengthMax = 256;

    /// <summary>The id of the log, which is stable across restarts.</summary>
    public required string Writer { get; init; }

    /// <summary>The machine's name.</summary>
    public required string Name { get; init; }

    /// <summary>The start of the process.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The time of writing, by the gateway's own clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The place since which it is complete, or marks what it skipped.</summary>
    public required LogPlace From { get; init; }

    /// <summary>The place at the start of viewing; later entries are new to viewers.</summary>
    public required LogPlace Began { get; init; }

    /// <summary>The place at its end.</summary>
    public required LogPlace To { get; init; }

    /// <summary>The marks in the order of the log.</summary>
    public required ImmutableArray<LiveMark> Marks { get; init; }

    /// <summary>The viewing session in which it was written, identified by its first round.</summary>
    public long Session { get; init; }

    /// <summary>True if the process ended in order, so that nothing will follow.</summary>
    public bool Ended { get; init; }

    /// <summary>The abbreviation of the log's id in the id of an event.</summary>
    [JsonIgnore]
    public string Key => KeyOf(Writer);

    /// <summary>
    /// False if no known release would write this. Its strings are copied into responses, so they are validated.
    /// </summary>
    [JsonIgnore]
    public bool IsSound => Writer.Length is >= KeyLength and <= WriterLengthMax && Writer.All(char.IsAsciiLetterOrDigit)
        && Name.Length is > 0 and <= NameLengthMax && !Marks.IsDefault && Marks.Length <= DecisionFeed.MarksMax
        && Marks.All(static mark => mark.Record is null or { ValueKind: JsonValueKind.Object });

    /// <summary>Returns the abbreviation of a log's id in the id of an event.</summary>
    public static string KeyOf(string writer) => writer[..Math.Min(KeyLength, writer.Length)];

    /// <summary>Returns the decisions since a place, and whether some are missing.</summary>
    public (List<JsonElement> Records, bool IsSampled) Since(LogPlace place)
    {
        var marks = Marks.Where(mark => mark.At >= place).ToList();
        return ([.. marks.Select(static mark => mark.Record).OfType<JsonElement>()],
            place < From || marks.Any(static mark => mark.Record is null));
    }
}
