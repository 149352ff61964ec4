using System.Globalization;
using System.Text.Json;
using Gateway.Control.Documents;

namespace Gateway.Control.Usage.Keeping;

/// <summary>
/// The figures in the archive: a shelf an hour for the minutes of each frontend, a shelf a day for hours of all.
/// Shelves are used again, so what is too old goes as the new comes, and nothing has to find and delete it.
/// </summary>
/// <param name="store">The store whose archive has them.</param>
public sealed class UsageStore(IControlStore store)
{
    /// <summary>Days for which each hour is kept: 13 months.</summary>
    internal const int HoursKeptDays = 397;

    /// <summary>Hours for which each minute is kept; before them, whole hours.</summary>
    internal const int MinutesKeptHours = 48;

    // More than are kept.
    internal const int HourSlots = 50;
    private const int DaySlots = 400;

    // A minute of each run has a number of its own: its upper part is the minute.
    private const int RunBits = 37;

    /// <summary>A number that no other run has, but for a chance of one in 10^11.</summary>
    public static long NewRun() => Random.Shared.NextInt64(1L << RunBits);

    /// <summary>Puts the minute of a run, and lets those go that are too old.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask PutMinuteAsync(
        long minute, long run, UsageDocument document, CancellationToken cancellationToken) =>
        store.Archive.PutAsync(
            MinuteShelf(minute / 60), (minute << RunBits) | run, Write(document),
            OldestHour(minute / 60) * 60 << RunBits, cancellationToken);

    /// <summary>Puts an hour of all frontends, and lets those go that are too old.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask PutHourAsync(long hour, UsageDocument document, CancellationToken cancellationToken) =>
        store.Archive.PutAsync(
            HourShelf(hour / 24), hour, Write(document), (hour / 24 - HoursKeptDays) * 24,
            cancellationToken);

    /// <summary>The hours of which there are minutes, whatever their age.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlySet<long>> HoursWithMinutesAsync(CancellationToken cancellationToken)
    {
        var hours = new HashSet<long>();
        for (var slot = 0; slot < HourSlots; slot++)
        {
            var entries = await store.Archive.ListAsync(MinuteShelf(slot), cancellationToken);
            hours.UnionWith(entries.Select(static entry => (entry.Number >> RunBits) / 60));
        }

        return hours;
    }

    /// <summary>The hours of a day that are summed up.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlyList<long>> HoursOfAsync(long day, CancellationToken cancellationToken) =>
    [
        .. (await store.Archive.ListAsync(HourShelf(day), cancellationToken))
            .Select(static entry => entry.Number).Where(hour => hour / 24 == day),
    ];

    /// <summary>The hours of a day, by their number.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlyDictionary<long, UsageDocument>> ReadDayAsync(
        long day, CancellationToken cancellationToken) =>
        (await store.Archive.ReadAsync(
            HourShelf(day), [.. Enumerable.Range(0, 24).Select(hour => (day * 24) + hour)], cancellationToken))
        .Select(static one => (one.Key, Document: Read(one.Value)))
        .Where(static one => one.Document is not null)
        .ToDictionary(static one => one.Key, static one => one.Document!);

    /// <summary>The minutes of an hour, of every frontend.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlyList<UsageDocument>> ReadMinutesAsync(long hour, CancellationToken cancellationToken)
    {
        var shelf = MinuteShelf(hour);
        var numbers = (await store.Archive.ListAsync(shelf, cancellationToken))
            .Select(static entry => entry.Number).Where(number => (number >> RunBits) / 60 == hour).ToList();
        if (numbers.Count == 0)
            return [];
        var read = await store.Archive.ReadAsync(shelf, numbers, cancellationToken);
        return [.. read.Values.Select(Read).OfType<UsageDocument>()];
    }

    /// <summary>The oldest hour whose minutes are kept, as of this one.</summary>
    public static long OldestHour(long hour) => hour - MinutesKeptHours;

    private static string MinuteShelf(long hour) =>
        string.Create(CultureInfo.InvariantCulture, $"usage/minutes/{hour % HourSlots:D2}");

    private static string HourShelf(long day) =>
        string.Create(CultureInfo.InvariantCulture, $"usage/hours/{day % DaySlots:D3}");

    private static byte[] Write(UsageDocument document) =>
        JsonSerializer.SerializeToUtf8Bytes(document, UsageDocumentJson.Default.UsageDocument);

    /// <summary>Null where it cannot be read: a gap, which is shown as one.</summary>
    private static UsageDocument? Read(byte[] content)
    {
        try
        {
            var document = JsonSerializer.Deserialize(content, UsageDocumentJson.Default.UsageDocument);
            foreach (var _ in document?.Counts() ?? []) { }
            return document;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}
