using System.Collections.Immutable;

namespace Gateway.Admin.Live;

/// <summary>
/// The other gateways, with the time of their last entry, and those that are missing. Not thread-safe.
/// </summary>
internal sealed class LiveTable(string ownWriter, TimeProvider time)
{
    /// <summary>The silence after which a gateway is missing.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(10);

    /// <summary>The time for which a missing gateway is listed.</summary>
    public static readonly TimeSpan NamedFor = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Heard> _heard = new(StringComparer.Ordinal);

    /// <summary>The view before any entry was read.</summary>
    public static LiveView Nobody { get; } = new(
        Environment.MachineName, [], [new LiveFrontend(Environment.MachineName, LiveFrontend.Present, null)]);

    /// <summary>Adds a gateway's new entry.</summary>
    public void Take(LiveLog log)
    {
        var (now, known) = (time.GetUtcNow(), _heard.GetValueOrDefault(log.Writer));
        if (log.Writer == ownWriter || known?.Log.Started > log.Started
            || (known is null && _heard.Count >= LivePlaces.LogsMax - 1))
        {
            return;
        }

        // An old entry is from before the viewing session, and only shows which gateways to expect.
        var isNow = known is not null || (now - log.At).Duration() < SilentAfter;
        if (isNow || now - log.At < NamedFor)
            _heard[log.Writer] = new Heard(log, isNow, time.GetTimestamp(), isNow ? now : log.At);
    }

    public void Clear() => _heard.Clear();

    /// <summary>Returns the current view; the last one if nothing has changed.</summary>
    /// <param name="session">The viewing session whose logs are shown.</param>
    /// <param name="last">The previous view.</param>
    public LiveView View(long session, LiveView last)
    {
        foreach (var (writer, one) in _heard.ToList())
        {
            if (time.GetElapsedTime(one.At) > NamedFor)
                _heard.Remove(writer);
        }

        var listed = _heard.Values.Where(one => !one.Log.Ended && (one.IsNow || IsSilent(one))).ToList();
        listed.RemoveAll(one => IsSilent(one) && listed.Exists(other => IsNextOf(one, other)));
        var names = listed.Select(static one => one.Log.Name).Append(Environment.MachineName)
            .GroupBy(static name => name, StringComparer.Ordinal).Where(static group => group.Skip(1).Any())
            .Select(static group => group.Key).ToHashSet(StringComparer.Ordinal);
        var own = Name(Environment.MachineName, ownWriter);
        ImmutableArray<LiveFrontend> frontends =
        [
            .. listed.Select(one => new LiveFrontend(
                    Name(one.Log.Name, one.Log.Writer), IsSilent(one) ? LiveFrontend.Missing : LiveFrontend.Present,
                    IsSilent(one) ? one.Instant : null))
                .Append(new LiveFrontend(own, LiveFrontend.Present, null))
                .OrderBy(static one => one.Name, StringComparer.Ordinal),
        ];
        ImmutableArray<(string Name, LiveLog Log)> others =
        [
            .. _heard.Values.Where(one => one.Log.Session >= session)
                .Select(one => (Name(one.Log.Name, one.Log.Writer), one.Log)),
        ];
        if (frontends.SequenceEqual(last.Frontends))
            frontends = last.Frontends;
        return frontends == last.Frontends && others.SequenceEqual(last.Others)
            ? last
            : new LiveView(own, others, frontends);

        // Two gateways of one machine are distinguished by the ids of their logs.
        string Name(string name, string writer) => names.Contains(name) ? $"{name} ({writer[..6]})" : name;
    }

    private bool IsSilent(Heard one) => time.GetElapsedTime(one.At) > SilentAfter;

    /// <summary>Returns true if a gateway has replaced one that had no persistent disk.</summary>
    private bool IsNextOf(Heard gone, Heard other) => !IsSilent(other) && other.Log.Name == gone.Log.Name
        && other.Log.Started >= gone.Instant - SilentAfter;

    /// <param name="Log">Its last entry.</param>
    /// <param name="IsNow">True if the entry was written during the viewing session.</param>
    /// <param name="At">The monotonic timestamp at which the entry was read.</param>
    /// <param name="Instant">The wall-clock time of that.</param>
    private sealed record Heard(LiveLog Log, bool IsNow, long At, DateTimeOffset Instant);
}

/// <summary>A gateway whose decisions are shown, or should be.</summary>
/// <param name="Name">The name, unique in the list.</param>
/// <param name="State"><c>present</c>, or <c>missing</c>: it was killed, or is cut off from the store.</param>
/// <param name="Since">The time at which a missing one was last seen.</param>
internal sealed record LiveFrontend(string Name, string State, DateTimeOffset? Since)
{
    public const string Present = "present";
    public const string Missing = "missing";
}

/// <summary>This gateway's knowledge of the others.</summary>
/// <param name="Own">The name of this gateway.</param>
/// <param name="Others">Logs of the others, with their names.</param>
/// <param name="Frontends">All gateways by name; default if this gateway shares no store.</param>
internal sealed record LiveView(
    string Own, ImmutableArray<(string Name, LiveLog Log)> Others, ImmutableArray<LiveFrontend> Frontends)
{
    /// <summary>True if this gateway shares no store.</summary>
    public bool IsAlone => Frontends.IsDefault;

    /// <summary>The view of a gateway without others.</summary>
    public static LiveView Alone { get; } = new(Environment.MachineName, [], default);
}
