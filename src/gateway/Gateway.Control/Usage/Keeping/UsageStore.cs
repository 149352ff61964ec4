using System.Globalization;
using System.Text.Json;
using Gateway.Control.Documents;

namespace Gateway.Control.Usage.Keeping;

/// <summary>
/// The figures in the archive: a topic for the minutes of all frontends in each hour, and one for the hours of each
/// day. Topics are reused, so old entries are removed as new ones are written, and no job has to find and delete them.
/// </summary>
/// <param name="store">The store whose archive contains them.</param>
public sealed class UsageStore(IControlStore store)
{
    /// <summary>The number of days for which each hour is kept: 13 months.</summary>
    internal const int HoursKeptDays = 397;

    /// <summary>The number of hours for which each minute is kept; for older times, only whole hours are.</summary>
    internal const int MinutesKeptHours = 48;

    // More than are kept, so that a reused topic never contains an hour that is still needed.
    internal const int HourSlots = 50;
    private const int DaySlots = 400;

    // A minute of each run has its own number, whose upper part is the minute.
    private const int RunBits = 37;

    /// <summary>Returns a number that no other run has, except with a probability of one in 10^11.</summary>
    public static long NewRun() => Random.Shared.NextInt64(1L << RunBits);

    /// <summary>Writes the minute of a run, and removes those that are too old.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask PutMinuteAsync(
        long minute, long run, UsageDocument document, CancellationToken cancellationToken) =>
        store.Archive.PutAsync(
            MinuteTopic(minute / 60), (minute << RunBits) | run, Write(document),
            OldestHour(minute / 60) * 60 << RunBits, cancellationToken);

    /// <summary>Writes an hour of all frontends, and removes those that are too old.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask PutHourAsync(long hour, UsageDocument document, CancellationToken cancellationToken) =>
        store.Archive.PutAsync(
            HourTopic(hour / 24), hour, Write(document), (hour / 24 - HoursKeptDays) * 24,
            cancellationToken);

    /// <summary>Returns the hours that have minutes, whatever their age.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlySet<long>> HoursWithMinutesAsync(CancellationToken cancellationToken)
    {
        var hours = new HashSet<long>();
        for (var slot = 0; slot < HourSlots; slot++)
        {
            var numbers = await store.Archive.NumbersAsync(MinuteTopic(slot), cancellationToken);
            hours.UnionWith(numbers.Select(static number => (number >> RunBits) / 60));
        }

        return hours;
    }

    /// <summary>Returns the hours of a day that are summed up.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlyList<long>> HoursOfAsync(long day, CancellationToken cancellationToken) =>
    [
        .. (await store.Archive.NumbersAsync(HourTopic(day), cancellationToken)).Where(hour => hour / 24 == day),
    ];

    /// <summary>Reads the hours of a day, by their number.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlyDictionary<long, UsageDocument>> ReadDayAsync(
        long day, CancellationToken cancellationToken) =>
        (await store.Archive.ReadAsync(
            HourTopic(day), [.. Enumerable.Range(0, 24).Select(hour => (day * 24) + hour)], cancellationToken))
        .Select(static one => (one.Key, Document: Read(one.Value)))
        .Where(static one => one.Document is not null)
        .ToDictionary(static one => one.Key, static one => one.Document!);

    /// <summary>Reads the minutes of an hour, of every frontend.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlyList<UsageDocument>> ReadMinutesAsync(long hour, CancellationToken cancellationToken)
    {
        var topic = MinuteTopic(hour);
        var numbers = (await store.Archive.NumbersAsync(topic, cancellationToken))
            .Where(number => (number >> RunBits) / 60 == hour).ToList();
        if (numbers.Count == 0)
            return [];
        var read = await store.Archive.ReadAsync(topic, numbers, cancellationToken);
        return [.. read.Values.Select(Read).OfType<UsageDocument>()];
    }

    /// <summary>Returns the oldest hour whose minutes are kept, as of this one.</summary>
    public static long OldestHour(long hour) => hour - MinutesKeptHours;

    private static string MinuteTopic(long hour) =>
        string.Create(CultureInfo.InvariantCulture, $"usage/minutes/{hour % HourSlots:D2}");

    private static string HourTopic(long day) =>
        string.Create(CultureInfo.InvariantCulture, $"usage/hours/{day % DaySlots:D3}");

    private static byte[] Write(UsageDocument document) =>
        JsonSerializer.SerializeToUtf8Bytes(document, UsageDocumentJson.Default.UsageDocument);

    /// <summary>Returns null for an unreadable document, which is shown as a gap.</summary>
    private static UsageDocument? Read(byte[] content)
    {
        try
        {
            var document = JsonSerializer.Deserialize(content, UsageDocumentJson.Default.UsageDocument);
            foreach (var _ in document?.Counts() ?? []) { }
            foreach (var _ in document?.Durations() ?? []) { }
            return document;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}
