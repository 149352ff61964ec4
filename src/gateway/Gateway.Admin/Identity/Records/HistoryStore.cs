using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Control.Documents;

namespace Gateway.Admin.Identity.Records;

/// <summary>
/// The history of changes in the archive, kept until <see cref="HistoryOptions.Age"/>. An entry is stored by object and
/// by day. So the changes of other objects can never evict it, and no stored index grows with the whole history.
/// </summary>
/// <remarks>
/// Previous releases read and write one topic with the latest changes of all objects. It is still written, and entries
/// that only it has are imported before anything is read or deleted there.
/// </remarks>
/// <param name="store">The store whose archive contains the entries.</param>
/// <param name="options">The retention time and counts.</param>
/// <param name="time">The clock: an empty history begins at its current time.</param>
public sealed class HistoryStore(IControlStore store, HistoryOptions options, TimeProvider time) : IDisposable
{
    private const int PerObjectMax = 10_000;

    /// <summary>
    /// The topic of the latest changes of all objects; an entry's number is the version that the change made.
    /// </summary>
    public const string LatestTopic = "history";

    private const string DaysTopic = "history/days";
    private const string BeginTopic = "history/begin";

    /// <summary>Changes of several objects at once, such as a reload of the configuration file.</summary>
    private const string BulkTopic = "history/bulk";

    /// <summary>
    /// The number of topics per day. Grain storage rewrites a topic's index for each entry, so it must stay small.
    /// </summary>
    private const int PartsOfDay = 16;

    private const int DaysMax = 40_000;
    private const int ReadAtOnce = 100;
    private readonly SemaphoreSlim _importing = new(1);
    private readonly HashSet<long> _stored = [];
    private readonly Lock _sync = new();
    private long _lastDay;
    private bool _isImported;
    private DateTimeOffset? _begin;

    /// <summary>
    /// Returns the topic of one object's changes. The name is hashed so that any name fits; entries contain it.
    /// </summary>
    public static string TopicOf(string about) =>
        "history/of/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(about)).AsSpan(0, 16));

    /// <summary>Stores a change durably before it returns.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; a part may be stored.</exception>
    public async Task KeepAsync(HistoryView view, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(view);
        // Import first: this entry may evict one that a previous release wrote nowhere else.
        if (!_isImported)
            await ImportAsync(cancellationToken);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(view, HistoryJson.Default.HistoryView);
        await store.Archive.KeepAsync(LatestTopic, view.Version, bytes, options.PreviousReleaseMax, cancellationToken);
        await SpreadAsync(view, bytes, cancellationToken);
    }

    /// <summary>Returns the time since which the history is complete.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<DateTimeOffset> BeginAsync(CancellationToken cancellationToken)
    {
        await ImportAsync(cancellationToken);
        var kept = DateTimeOffset.UnixEpoch.AddDays(OldestDay());
        return _begin is { } begin && begin > kept ? begin : kept;
    }

    /// <summary>Returns the changes of one object that made these versions, by version.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<Dictionary<long, HistoryView>> ReadAsync(
        string about, IReadOnlyList<long> versions, CancellationToken cancellationToken)
    {
        await ImportAsync(cancellationToken);
        var found = await ReadTopicAsync(TopicOf(about), versions, cancellationToken);
        // The remaining ones may be parts of a change of several objects.
        var missing = versions.Where(version => !found.ContainsKey(version)).ToHashSet();
        if (missing.Count == 0)
            return found;
        await foreach (var view in ReadDownAsync([BulkTopic], long.MaxValue, cancellationToken))
        {
            if (view.Versions?.TryGetValue(about, out var version) == true && missing.Remove(version))
                found[version] = view;
            if (missing.Count == 0 || view.Version < missing.Min())
                break;
        }

        return found;
    }

    /// <summary>Returns changes, latest first.</summary>
    /// <param name="about">Only of this object, as <c>policies/NAME</c>; null for all.</param>
    /// <param name="below">Only those before this day and version.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async IAsyncEnumerable<HistoryView> FindAsync(
        string? about, (long Day, long Version) below,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ImportAsync(cancellationToken);
        if (about is not null)
        {
            string[] topics = [TopicOf(about), BulkTopic];
            await foreach (var view in ReadDownAsync(topics, below.Version, cancellationToken))
            {
                if (view.Object == about || view.Objects?.Contains(about) == true)
                    yield return view;
            }

            yield break;
        }

        foreach (var day in await NumbersAsync(DaysTopic, cancellationToken))
        {
            if (day > below.Day)
                continue;
            var least = day == below.Day ? below.Version : long.MaxValue;
            await foreach (var view in ReadDownAsync(PartsOf(day), least, cancellationToken))
                yield return view;
        }
    }

    /// <summary>Returns true if the history has every change of an object since its creation.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<bool> IsCompleteAsync(string about, CancellationToken cancellationToken)
    {
        await ImportAsync(cancellationToken);
        var topic = TopicOf(about);
        var numbers = await NumbersAsync(topic, cancellationToken);
        if (numbers.Count > 0
            && (await ReadTopicAsync(topic, [numbers[^1]], cancellationToken)).GetValueOrDefault(numbers[^1])
                is { Action: "create" or "add" or "connect" })
        {
            return true;
        }

        // A change of several objects may have created it, before the first change of its own.
        var before = numbers.Count > 0 ? numbers[^1] : long.MaxValue;
        await foreach (var view in ReadDownAsync([BulkTopic], before, cancellationToken))
        {
            if (view.Changes?.Contains($"create {about}", StringComparer.Ordinal) == true)
                return true;
        }

        return false;
    }

    /// <summary>Changes what the history contains about one object, in each place that has it.</summary>
    /// <param name="about">The object, as <c>pauses/NAME</c>.</param>
    /// <param name="change">Returns the entry to store; null to leave it unchanged.</param>
    /// <param name="isPreview">True to store nothing.</param>
    /// <param name="cancellationToken">Cancels the change; a repeated call completes it.</param>
    /// <returns>The number of entries that were or would be replaced.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached; a part may be stored.</exception>
    public async Task<int> ReplaceAsync(
        string about, Func<HistoryView, HistoryView?> change, bool isPreview, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        await ImportAsync(cancellationToken);
        var latest = await NumbersAsync(LatestTopic, cancellationToken);
        var replaced = 0;
        await foreach (var view in ReadDownAsync([TopicOf(about)], long.MaxValue, cancellationToken))
        {
            if (change(view) is not { } other)
                continue;
            replaced++;
            if (isPreview)
                continue;
            var bytes = JsonSerializer.SerializeToUtf8Bytes(other, HistoryJson.Default.HistoryView);
            if (latest.Contains(view.Version))
                await store.Archive.PutAsync(LatestTopic, view.Version, bytes, least: 1, cancellationToken);
            await store.Archive.PutAsync(
                PartOf(DayOf(view), view.Version), view.Version, bytes, least: 1, cancellationToken);
            // Written last: an interrupted call finds the entry again.
            await store.Archive.PutAsync(TopicOf(about), view.Version, bytes, least: 1, cancellationToken);
        }

        return replaced;
    }

    /// <summary>Returns the day of a change, as used in the cursor of a list.</summary>
    public static long DayOf(HistoryView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return (long)(view.Time - DateTimeOffset.UnixEpoch).TotalDays;
    }

    /// <summary>
    /// Deletes old changes. An object's last change stays until a later one is too old as well, or until it is a
    /// deletion, so the origin of an active object is never lost.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; the next run continues.</exception>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await ImportAsync(cancellationToken);
        var oldest = OldestDay();
        var days = (await NumbersAsync(DaysTopic, cancellationToken)).Where(day => day < oldest).Order();
        foreach (var day in days)
        {
            var last = new Dictionary<string, HistoryView>(StringComparer.Ordinal);
            await foreach (var view in ReadDownAsync(PartsOf(day), long.MaxValue, cancellationToken))
                last.TryAdd(view.Object, view);
            foreach (var view in last.Values)
                await DropOldAsync(view, cancellationToken);
            var least = last.Values.Select(static view => view.Version).DefaultIfEmpty().Max() + 1;
            await DropAsync(BulkTopic, least, cancellationToken);
            await DropAsync(LatestTopic, least, cancellationToken);
            foreach (var part in PartsOf(day))
                await DropAsync(part, long.MaxValue, cancellationToken);
            // Delete the index entry last: an interrupted run repeats the day.
            await DropAsync(DaysTopic, day + 1, cancellationToken);
        }
    }

    /// <summary>Imports entries that only a previous release's topic has: stores them by object and by day.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task ImportAsync(CancellationToken cancellationToken)
    {
        await _importing.WaitAsync(cancellationToken);
        try
        {
            var latest = await NumbersAsync(LatestTopic, cancellationToken);
            List<long> unknown;
            lock (_sync)
                unknown = [.. latest.Where(number => !_stored.Contains(number))];
            foreach (var some in unknown.Chunk(ReadAtOnce))
                await ImportAsync(some, cancellationToken);
            lock (_sync)
                _stored.IntersectWith(latest);
            _begin ??= await BeginAsync(latest, cancellationToken);
            _isImported = true;
        }
        finally
        {
            _importing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _importing.Dispose();

    private async Task ImportAsync(long[] numbers, CancellationToken cancellationToken)
    {
        var read = await store.Archive.ReadAsync(LatestTopic, numbers, cancellationToken);
        var views = read.Select(static one => (Bytes: one.Value, View: Parse(one.Value)))
            .Where(static one => one.View is not null);
        foreach (var day in views.GroupBy(static one => DayOf(one.View!)).OrderBy(static day => day.Key))
        {
            var there = await NumbersAsync(PartsOf(day.Key), cancellationToken);
            foreach (var (bytes, view) in day.Where(one => !there.Contains(one.View!.Version)))
                await SpreadAsync(view!, bytes, cancellationToken);
        }

        lock (_sync)
            _stored.UnionWith(numbers);
    }

    private async Task SpreadAsync(HistoryView view, byte[] bytes, CancellationToken cancellationToken)
    {
        var day = DayOf(view);
        if (day != _lastDay)
        {
            // Write the index before the entries: a day that no index names would never be deleted.
            await store.Archive.KeepAsync(DaysTopic, Math.Max(day, 1), "{}"u8.ToArray(), DaysMax, cancellationToken);
            _lastDay = day;
        }

        var most = PerObjectMax;
        await store.Archive.KeepAsync(TopicOf(view.Object), view.Version, bytes, most, cancellationToken);
        if (view.Objects is { Count: > 0 })
            await store.Archive.KeepAsync(BulkTopic, view.Version, bytes, most, cancellationToken);
        // Written last: an entry in this topic is in all others too, and is not imported again.
        await store.Archive.KeepAsync(PartOf(day, view.Version), view.Version, bytes, most, cancellationToken);
        lock (_sync)
            _stored.Add(view.Version);
    }

    /// <summary>Reads the time at which the history begins, or writes it at the first start.</summary>
    private async Task<DateTimeOffset> BeginAsync(List<long> latest, CancellationToken cancellationToken)
    {
        var begin = time.GetUtcNow();
        if (latest.Count > 0 && (await ReadTopicAsync(LatestTopic, [latest[^1]], cancellationToken))
            .GetValueOrDefault(latest[^1]) is { } first)
        {
            begin = first.Time;
        }

        var text = begin.ToString("O", CultureInfo.InvariantCulture);
        var content = JsonSerializer.SerializeToUtf8Bytes(text, HistoryJson.Default.String);
        await store.Archive.KeepAsync(BeginTopic, 1, content, 1, cancellationToken);
        var kept = (await store.Archive.ReadAsync(BeginTopic, [1], cancellationToken)).GetValueOrDefault(1);
        return kept is not null && DateTimeOffset.TryParse(
            Encoding.UTF8.GetString(kept).Trim('"'), CultureInfo.InvariantCulture, out var known) ? known : begin;
    }

    private async Task DropOldAsync(HistoryView old, CancellationToken cancellationToken)
    {
        var topic = TopicOf(old.Object);
        var isLast = (await NumbersAsync(topic, cancellationToken)).TrueForAll(number => number <= old.Version);
        var isGone = isLast && old.After is null && old.Before is not null;
        await DropAsync(topic, isGone ? old.Version + 1 : old.Version, cancellationToken);
        // A version of a policy has the number of its change, so this change or an earlier one replaced all older
        // versions.
        if (old.Object.StartsWith(ControlKinds.Policies + "/", StringComparison.Ordinal))
            await DropAsync(old.Object, old.Version, cancellationToken);
    }

    /// <summary>Deletes the entries with lower numbers.</summary>
    private async Task DropAsync(string topic, long least, CancellationToken cancellationToken)
    {
        // An entry that is put below the least number is deleted at once, together with all others below it.
        if ((await NumbersAsync(topic, cancellationToken)).Exists(number => number < least))
            await store.Archive.PutAsync(topic, 1, ReadOnlyMemory<byte>.Empty, least, cancellationToken);
    }

    private async IAsyncEnumerable<HistoryView> ReadDownAsync(
        string[] topics, long below,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var numbers = new List<(long Number, string Topic)>();
        foreach (var topic in topics)
        {
            numbers.AddRange((await NumbersAsync(topic, cancellationToken))
                .Where(number => number < below).Select(number => (number, topic)));
        }

        var ordered = numbers.DistinctBy(static one => one.Number).OrderByDescending(static one => one.Number);
        foreach (var some in ordered.Chunk(ReadAtOnce))
        {
            var views = new Dictionary<long, HistoryView>();
            foreach (var of in some.GroupBy(static one => one.Topic, static one => one.Number))
            {
                foreach (var (number, view) in await ReadTopicAsync(of.Key, [.. of], cancellationToken))
                    views[number] = view;
            }

            foreach (var (number, _) in some)
            {
                if (views.TryGetValue(number, out var view))
                    yield return view;
            }
        }
    }

    private async Task<List<long>> NumbersAsync(string topic, CancellationToken cancellationToken) =>
        [.. await store.Archive.NumbersAsync(topic, cancellationToken)];

    private async Task<HashSet<long>> NumbersAsync(string[] topics, CancellationToken cancellationToken)
    {
        var all = new HashSet<long>();
        foreach (var topic in topics)
            all.UnionWith(await NumbersAsync(topic, cancellationToken));
        return all;
    }

    private async Task<Dictionary<long, HistoryView>> ReadTopicAsync(
        string topic, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        (await store.Archive.ReadAsync(topic, numbers, cancellationToken))
            .Select(static one => (one.Key, View: Parse(one.Value)))
            .Where(static one => one.View is not null)
            .ToDictionary(static one => one.Key, static one => one.View!);

    private long OldestDay() => Math.Max(
        0, (long)Math.Floor((time.GetUtcNow() - DateTimeOffset.UnixEpoch - options.Age).TotalDays));

    private static string[] PartsOf(long day) =>
        [.. Enumerable.Range(0, PartsOfDay).Select(part => PartOf(day, part))];

    private static string PartOf(long day, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"history/{day}-{version % PartsOfDay:D2}");

    private static HistoryView? Parse(byte[] kept)
    {
        try
        {
            return JsonSerializer.Deserialize(kept, HistoryJson.Default.HistoryView);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
